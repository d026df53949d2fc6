using System.Globalization;
using Synthesis;

namespace ConsumerComplaints.Synthetic;

/// <summary>What the published statistics say of the complaints: how often each value occurs, and which go together.</summary>
sealed class PublishedCounts
{
    PublishedCounts(IEnumerable<string> lines)
    {
        List<(Product, double)> products = [];
        List<(string, double)> responses = [];
        List<(Place, double)> places = [];
        List<int> companies = [];
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Trim()))
        {
            var (kind, rest) = Cut(line, ' ');
            var (first, name) = Cut(rest, ' ');
            switch (kind)
            {
                case "product":
                    products.Add((new Product(name), Number(first)));
                    break;
                case "sub_product":
                    products[^1].Item1.SubProducts.Add((name, Number(first)));
                    break;
                case "issue":
                    products[^1].Item1.Issues.Add((Issue.Parse(name), Number(first)));
                    break;
                case "response":
                    responses.Add((name, Number(first)));
                    break;
                case "untimely":
                    Untimely = Number(first);
                    break;
                case "missing":
                    Missing.Add(name, Number(first));
                    break;
                case "state":
                    places.AddRange(name.Split(' ').Select(zip => Cut(zip, ':')).Select(zip => (new Place(first, zip.Item1 + "XX"), (double)Number(zip.Item2))));
                    break;
                case "companies":
                    companies.AddRange(rest.Split(' ').Select(run => Cut(run, '*')).SelectMany(run => Enumerable.Repeat(Number(run.Item1), run.Item2.Length > 0 ? Number(run.Item2) : 1)));
                    break;
                default:
                    throw new FormatException($"PublishedCounts.txt holds the line «{line}». Expected one of its kinds of line: see its comments.");
            }
        }

        Products = new Weighted<Product>(products);
        Responses = new Weighted<string>(responses);
        Places = new Weighted<Place>(places);
        Companies = companies;
        Rows = (int)products.Sum(product => product.Item2);
        ProductCounts = products.ToDictionary(product => product.Item1.Name, product => product.Item2, StringComparer.Ordinal);
    }

    /// <summary>How many complaints were counted.</summary>
    public int Rows { get; }

    public Weighted<Product> Products { get; }

    public IReadOnlyDictionary<string, double> ProductCounts { get; }

    public Weighted<string> Responses { get; }

    /// <summary>How many complaints got no timely response, those with the response «Untimely response» among them.</summary>
    public int Untimely { get; }

    public Weighted<Place> Places { get; }

    /// <summary>How many complaints lack a value, by column.</summary>
    public Dictionary<string, int> Missing { get; } = new(StringComparer.Ordinal);

    /// <summary>The number of complaints against each company, most first.</summary>
    public IReadOnlyList<int> Companies { get; }

    public static PublishedCounts Read() => new(Resources.Lines("PublishedCounts.txt"));

    static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    static (string Before, string Behind) Cut(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, "");
}

/// <summary>A product, with the sub-products and issues that are offered for it; an empty sub-product is a missing one.</summary>
sealed class Product(string name)
{
    Weighted<string>? _subProducts;
    Weighted<Issue>? _issues;

    public string Name { get; } = name;

    public List<(string, double)> SubProducts { get; } = [];

    public List<(Issue, double)> Issues { get; } = [];

    public string DrawSubProduct(Dice dice) => (_subProducts ??= new(SubProducts)).Draw(dice);

    public Issue DrawIssue(Dice dice) => (_issues ??= new(Issues)).Draw(dice);
}

/// <summary>What a complaint is about; an empty sub-issue is a missing one.</summary>
sealed record Issue(string Name, string SubIssue)
{
    public static Issue Parse(string text) => text.Split(" > ") is [var issue, var subIssue] ? new(issue, subIssue) : new(text, "");
}

/// <summary>Where a consumer lives: a state and a zip code whose last two digits are masked.</summary>
sealed record Place(string State, string ZipCode);
