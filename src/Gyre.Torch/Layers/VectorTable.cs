using System.Numerics.Tensors;
using Gyre.Torch.Learning;

namespace Gyre.Torch.Layers;

/// <summary>
/// A table of learnt vectors, of which each example takes the sum or the mean of some. Kept outside torch, whose gradients
/// of such tables are either dense (a table's worth of memory traffic per step) or not understood by its Adam.
/// </summary>
sealed class VectorTable
{
    readonly float[] _gradients;
    readonly float[] _means;
    readonly float[] _squares;
    readonly float[] _share;

    /// <summary>Rows that have a gradient in this step.</summary>
    readonly bool[] _hasGradient;

    /// <summary>Rows that ever had one; the optimiser leaves all others where they are.</summary>
    readonly bool[] _moves;

    /// <summary>The mean of the squared gradients of the row that had the largest in each step.</summary>
    double _busiest;

    public VectorTable(Bag bag, WeightSource source, double limit)
    {
        Bag = bag;
        Weights = new float[bag.Rows * bag.Width];
        source.Fill(Weights, limit);
        _gradients = new float[Weights.Length];
        _means = new float[Weights.Length];
        _squares = new float[Weights.Length];
        _share = new float[bag.Width];
        _hasGradient = new bool[bag.Rows];
        _moves = new bool[bag.Rows];
    }

    public Bag Bag { get; }

    /// <summary>[Rows, Width], row by row.</summary>
    public float[] Weights { get; }

    /// <summary>What <see cref="Backward"/> has added up since the last <see cref="Step"/>: [Rows, Width].</summary>
    public ReadOnlySpan<float> Gradients => _gradients;

    /// <summary>Writes the vector of each example: [examples, Width].</summary>
    public void Forward(BagIds ids, Span<float> vectors)
    {
        for (var i = 0; i < ids.Examples; i++)
        {
            var list = ids[i];
            var vector = vectors.Slice(i * Bag.Width, Bag.Width);
            vector.Clear();
            foreach (var id in list)
                TensorPrimitives.Add(vector, Weights.AsSpan(id * Bag.Width, Bag.Width), vector);
            if (Bag.IsMean && list.Length > 1)
                TensorPrimitives.Divide(vector, list.Length, vector);
        }
    }

    /// <summary>The same in double precision.</summary>
    public void Forward(BagIds ids, Span<double> vectors)
    {
        for (var i = 0; i < ids.Examples; i++)
        {
            var list = ids[i];
            var vector = vectors.Slice(i * Bag.Width, Bag.Width);
            vector.Clear();
            foreach (var id in list)
            {
                for (var j = 0; j < vector.Length; j++)
                    vector[j] += Weights[(id * Bag.Width) + j];
            }

            if (Bag.IsMean && list.Length > 1)
                TensorPrimitives.Divide(vector, list.Length, vector);
        }
    }

    /// <summary>Adds up the gradients of the rows from those of the examples' vectors.</summary>
    public void Backward(BagIds ids, ReadOnlySpan<float> vectorGradients)
    {
        for (var i = 0; i < ids.Examples; i++)
        {
            var list = ids[i];
            vectorGradients.Slice(i * Bag.Width, Bag.Width).CopyTo(_share);
            if (Bag.IsMean && list.Length > 1)
                TensorPrimitives.Divide(_share, list.Length, _share);
            foreach (var id in list)
            {
                var gradient = _gradients.AsSpan(id * Bag.Width, Bag.Width);
                TensorPrimitives.Add(gradient, _share, gradient);
                _hasGradient[id] = true;
            }
        }
    }

    /// <summary>The sum of the squares of the gradients that have been added up.</summary>
    public double SquaredGradient
    {
        get
        {
            var sum = 0.0;
            for (var row = 0; row < _hasGradient.Length; row++)
            {
                if (_hasGradient[row])
                    sum += TensorPrimitives.SumOfSquares<float>(Row(_gradients, row));
            }

            return sum;
        }
    }

    /// <summary>Passes the rows with all that the next step depends on.</summary>
    public void Pass(StateStream state)
    {
        state.Pass(Weights.AsSpan());
        state.Pass(_means.AsSpan());
        state.Pass(_squares.AsSpan());
        state.Pass(_moves.AsSpan());
        state.Pass(ref _busiest);
    }

    /// <summary>Moves the rows by their gradients, each multiplied by <paramref name="scale"/>, which are zero afterwards.</summary>
    public void Step(Adam adam, float scale)
    {
        var pace = NextPace(adam, scale);
        for (var row = 0; row < _moves.Length; row++)
        {
            _moves[row] |= _hasGradient[row];
            if (!_moves[row])
                continue;
            var gradient = _hasGradient[row] ? Row(_gradients, row) : default;
            adam.Apply(Row(Weights, row), gradient, Row(_means, row), Row(_squares, row), pace, scale);
            gradient.Clear();
            _hasGradient[row] = false;
        }
    }

    /// <summary>
    /// Adam alone moves all tokens at the same pace, however rarely they are seen, so a few sightings of each of thousands of
    /// rare ones are soon learnt by heart. Dividing by the usual gradient of the table's busiest row as well lets each token
    /// move as far as its own gradients are large beside those.
    /// </summary>
    Pace NextPace(Adam adam, float scale)
    {
        if (!Bag.IsGentle)
            return Pace.Weights with { Factor = (float)Bag.Stretch };
        var largest = 0.0;
        for (var row = 0; row < _hasGradient.Length; row++)
        {
            if (_hasGradient[row])
                largest = Math.Max(largest, TensorPrimitives.SumOfSquares<float>(Row(_gradients, row)) / Bag.Width);
        }

        _busiest = Adam.NextSquare(_busiest, largest * scale * scale);
        return Pace.Weights with { Factor = (float)Bag.Stretch, Damping = Pace.Weights.Damping + (float)(Math.Sqrt(_busiest) * adam.RootCorrection) };
    }

    Span<float> Row(float[] values, int row) => values.AsSpan(row * Bag.Width, Bag.Width);
}
