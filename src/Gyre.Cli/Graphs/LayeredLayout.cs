namespace Gyre.Cli.Graphs;

/// <summary>A place in a drawing.</summary>
sealed record Spot(double X, double Y);

/// <summary>
/// Places a graph in layers: every node below all that it reads from, with few crossings and short edges. Long edges run
/// through points of their own in each layer between, and those from one source share them.
/// </summary>
sealed class LayeredLayout
{
    const int OrderingSweeps = 12;
    const int PlacingSweeps = 24;
    const double GapBetweenNodes = 36;
    const double GapBesidePoints = 18;

    readonly List<Item> _items = [];
    readonly List<List<Item>> _layers = [];

    LayeredLayout(PipelineGraph graph, Func<GraphNode, double> widthOf)
    {
        var depths = Depths(graph);
        for (var i = 0; i < graph.Nodes.Count; i++)
            _items.Add(new Item(i, depths[i], widthOf(graph.Nodes[i])));
        foreach (var edge in graph.Edges)
            Paths[edge] = Connect(edge);
        _layers.AddRange(_items.GroupBy(item => item.Layer).OrderBy(layer => layer.Key).Select(layer => layer.ToList()));
        Order();
        Place();
    }

    /// <summary>The middle of each node and the layer it lies in, by index.</summary>
    public IReadOnlyList<(double X, int Layer)> Nodes => [.. _items.Where(item => item.Node >= 0).OrderBy(item => item.Node).Select(item => (item.X, item.Layer))];

    public int Layers => _layers.Count;

    /// <summary>Where an edge passes the layers between its ends.</summary>
    public IReadOnlyList<(double X, int Layer)> Bends(GraphEdge edge) => [.. Paths[edge].Where(item => item.Node < 0).Select(item => (item.X, item.Layer))];

    Dictionary<GraphEdge, List<Item>> Paths { get; } = [];

    public static LayeredLayout Of(PipelineGraph graph, Func<GraphNode, double> widthOf) => new(graph, widthOf);

    static int[] Depths(PipelineGraph graph)
    {
        var depths = new int[graph.Nodes.Count];
        foreach (var edge in graph.Edges.OrderBy(edge => edge.To))
            depths[edge.To] = Math.Max(depths[edge.To], depths[edge.From] + 1);
        return depths;
    }

    List<Item> Connect(GraphEdge edge)
    {
        var path = new List<Item> { _items[edge.From] };
        for (var layer = _items[edge.From].Layer + 1; layer < _items[edge.To].Layer; layer++)
        {
            var last = path[^1];
            var point = last.Below.FirstOrDefault(item => item.Node < 0 && item.Source == edge.From) ?? NewPoint(edge.From, layer);
            Link(last, point);
            path.Add(point);
        }

        Link(path[^1], _items[edge.To]);
        path.Add(_items[edge.To]);
        return path;
    }

    Item NewPoint(int source, int layer)
    {
        var point = new Item(-1, layer, 0) { Source = source };
        _items.Add(point);
        return point;
    }

    static void Link(Item above, Item below)
    {
        if (above.Below.Contains(below))
            return;
        above.Below.Add(below);
        below.Above.Add(above);
    }

    /// <summary>Sorts each layer by the mean place of its neighbours, down and up again, and keeps the best order seen.</summary>
    void Order()
    {
        Number();
        var (best, fewest) = (Snapshot(), Crossings());
        for (var sweep = 0; sweep < OrderingSweeps && fewest > 0; sweep++)
        {
            var down = sweep % 2 == 0;
            foreach (var layer in down ? _layers.Skip(1) : _layers.AsEnumerable().Reverse().Skip(1))
            {
                var sorted = layer.OrderBy(item => MeanPlace(item, down ? item.Above : item.Below)).ToList();
                layer.Clear();
                layer.AddRange(sorted);
                Number();
            }

            if (Crossings() is var crossings && crossings < fewest)
                (best, fewest) = (Snapshot(), crossings);
        }

        for (var i = 0; i < _layers.Count; i++)
        {
            _layers[i].Clear();
            _layers[i].AddRange(best[i]);
        }

        Number();
    }

    List<Item[]> Snapshot() => [.. _layers.Select(layer => layer.ToArray())];

    static double MeanPlace(Item item, List<Item> neighbours) => neighbours.Count == 0 ? item.Place : neighbours.Average(other => other.Place);

    void Number()
    {
        foreach (var layer in _layers)
        {
            for (var i = 0; i < layer.Count; i++)
                layer[i].Place = i;
        }
    }

    int Crossings()
    {
        var crossings = 0;
        foreach (var layer in _layers)
        {
            var edges = layer.SelectMany(item => item.Below.Select(below => (Above: item.Place, Below: below.Place))).ToList();
            for (var i = 0; i < edges.Count; i++)
            {
                for (var j = i + 1; j < edges.Count; j++)
                    crossings += (edges[i].Above - edges[j].Above) * (edges[i].Below - edges[j].Below) < 0 ? 1 : 0;
            }
        }

        return crossings;
    }

    /// <summary>Pulls everything towards its neighbours, again and again, without changing the order within a layer.</summary>
    void Place()
    {
        foreach (var layer in _layers)
        {
            for (var i = 1; i < layer.Count; i++)
                layer[i].X = layer[i - 1].X + Distance(layer[i - 1], layer[i]);
            var middle = (layer[0].X + layer[^1].X) / 2;
            layer.ForEach(item => item.X -= middle);
        }

        for (var sweep = 0; sweep < PlacingSweeps; sweep++)
        {
            var down = sweep % 2 == 0;
            foreach (var layer in down ? _layers.Skip(1) : _layers.AsEnumerable().Reverse().Skip(1))
                Pull(layer, down);
        }
    }

    static void Pull(List<Item> layer, bool down)
    {
        var wished = layer.Select(item => (down ? item.Above : item.Below) is { Count: > 0 } neighbours ? neighbours.Average(other => other.X) : item.X).ToArray();
        var (fromLeft, fromRight) = ((double[])wished.Clone(), (double[])wished.Clone());
        for (var i = 1; i < layer.Count; i++)
            fromLeft[i] = Math.Max(fromLeft[i], fromLeft[i - 1] + Distance(layer[i - 1], layer[i]));
        for (var i = layer.Count - 2; i >= 0; i--)
            fromRight[i] = Math.Min(fromRight[i], fromRight[i + 1] - Distance(layer[i], layer[i + 1]));
        for (var i = 0; i < layer.Count; i++)
            layer[i].X = (fromLeft[i] + fromRight[i]) / 2;
    }

    static double Distance(Item left, Item right) =>
        (left.Width / 2) + (right.Width / 2) + (left.Node < 0 || right.Node < 0 ? GapBesidePoints : GapBetweenNodes);

    /// <summary>A node, or a point at which a long edge passes a layer.</summary>
    sealed class Item(int node, int layer, double width)
    {
        public int Node => node;

        public int Layer => layer;

        public double Width => width;

        public int Source { get; init; } = -1;

        public int Place { get; set; }

        public double X { get; set; }

        public List<Item> Above { get; } = [];

        public List<Item> Below { get; } = [];
    }
}
