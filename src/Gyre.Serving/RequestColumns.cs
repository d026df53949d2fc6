using System.Text;
using System.Text.Json;
using Gyre.Onnx;

namespace Gyre.Serving;

/// <summary>A column that a model takes.</summary>
sealed record RequestColumn(int Index, string Name, bool IsText, bool IsList)
{
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(Name);
}

/// <summary>The columns that a model takes, for finding them by their names in JSON.</summary>
sealed class RequestColumns(IReadOnlyList<SignatureInput> inputs)
{
    readonly RequestColumn[] _all = [.. inputs.Select((input, index) => new RequestColumn(index, input.Name, input.IsText, input.IsList))];

    public int Count => _all.Length;

    public RequestColumn this[int index] => _all[index];

    public string Names => string.Join(", ", _all.Select(column => column.Name));

    /// <summary>A request that the model would take, to show to people; cut off after a few columns.</summary>
    public string Sample
    {
        get
        {
            const int shown = 3;
            var values = _all.Take(shown).Select(column => $"{JsonSerializer.Serialize(column.Name, Answers.Json)}: {Value(column)}");
            return $"{{\"instances\": [{{{string.Join(", ", values)}{(_all.Length > shown ? ", …" : "")}}}]}}";
        }
    }

    static string Value(RequestColumn column)
    {
        var value = column.IsText ? "\"text\"" : "1.5";
        return column.IsList ? $"[{value}]" : value;
    }

    /// <summary>The column whose name the reader stands on; null when there is none.</summary>
    /// <param name="reader">Stands on a property name.</param>
    /// <param name="guess">Where to look first: clients send the columns of each row in the same order.</param>
    public RequestColumn? Find(ref Utf8JsonReader reader, int guess)
    {
        for (var i = 0; i < _all.Length; i++)
        {
            var column = _all[(guess + i) % _all.Length];
            if (reader.ValueTextEquals(column.Utf8Name))
                return column;
        }

        return null;
    }
}

/// <summary>How much a request may hold.</summary>
sealed record RequestLimits(int MaxRows, int MaxTextLength)
{
    public static RequestLimits None { get; } = new(int.MaxValue, int.MaxValue);
}
