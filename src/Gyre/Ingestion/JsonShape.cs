using System.Text;
using System.Text.Json;

namespace Gyre.Ingestion;

/// <summary>Which keys the objects of JSON lines have, and which of them hold lists.</summary>
sealed class JsonShape
{
    readonly List<JsonKey> _keys = [];
    readonly List<JsonKey> _fields = [];

    public JsonKey Root { get; } = new("", null);

    /// <summary>How many keys with values were seen, also in lines that turned out to be unsound.</summary>
    public int Count => _keys.Count;

    /// <summary>The keys of sound lines, in the order in which they came.</summary>
    public IReadOnlyList<JsonKey> Fields => _fields;

    /// <summary>The key on which a reader stands, below another.</summary>
    public static JsonKey Find(JsonKey parent, ref Utf8JsonReader reader)
    {
        var children = parent.Children;
        for (var step = 0; step < children.Count; step++)
        {
            // Lines mostly have their keys in one order, so the next is the one behind the last.
            var guess = (parent.Guess + step) % children.Count;
            if (!reader.ValueTextEquals(children[guess].Utf8))
                continue;
            parent.Guess = guess + 1;
            return children[guess];
        }

        var key = new JsonKey(reader.GetString()!, parent);
        children.Add(key);
        return key;
    }

    /// <summary>The number of a key that has a value.</summary>
    public int NumberOf(JsonKey key)
    {
        if (key.Number < 0)
        {
            key.Number = _keys.Count;
            _keys.Add(key);
        }

        return key.Number;
    }

    public JsonKey Key(int number) => _keys[number];

    /// <summary>Takes a key of a sound line for a field.</summary>
    public void Learn(int number, bool isList)
    {
        var key = _keys[number];
        key.IsList |= isList;
        if (key.IsField)
            return;
        key.IsField = true;
        _fields.Add(key);
    }
}

/// <summary>A key in objects.</summary>
sealed class JsonKey(string name, JsonKey? parent)
{
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(name);

    /// <summary>The name of the column: keys from the outermost on, with dots between.</summary>
    public string Path { get; } = parent is null or { Path: "" } ? name : $"{parent.Path}.{name}";

    public List<JsonKey> Children { get; } = [];

    public int Guess { get; set; }

    public int Number { get; set; } = -1;

    public bool IsField { get; set; }

    public bool IsList { get; set; }
}
