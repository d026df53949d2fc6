using System.Text;
using System.Text.Json;

namespace Gyre.Serving;

/// <summary>Collects the values of one column of a request.</summary>
sealed class ColumnBuffer(RequestColumn column, RequestLimits limits)
{
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly List<string?> _texts = [];
    readonly List<double> _numbers = [];

    /// <summary>Of a column of lists: string[] or double[] for each row, null for missing.</summary>
    readonly List<Array?> _lists = [];

    public RequestColumn Column => column;

    /// <summary>The rows so far, including those left out before the last one.</summary>
    public int Count => column.IsList ? _lists.Count : column.IsText ? _texts.Count : _numbers.Count;

    /// <summary>Whether a request in columnar form has brought this column already.</summary>
    public bool IsRead { get; set; }

    /// <summary>Reads the value on which the reader stands, and leaves it on the value's last token.</summary>
    public void Read(ref Utf8JsonReader reader, int row, string form)
    {
        while (Count < row)
            AddMissing();
        var isList = reader.TokenType == JsonTokenType.StartArray;
        if (column.IsList)
        {
            _lists.Add(reader.TokenType == JsonTokenType.Null ? null : List(ref reader, row, form));
            return;
        }

        if (isList)
            reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            AddMissing();
        else if (column.IsText)
            _texts.Add(Text(ref reader, row, form));
        else
            _numbers.Add(Number(ref reader, row, form));
        if (isList && (!reader.Read() || reader.TokenType != JsonTokenType.EndArray))
            throw Wrong(row, form, "a list of several values", "one value");
    }

    /// <summary>The values of all rows; those that no row has brought are missing.</summary>
    public Array ToArray(int rows)
    {
        while (Count < rows)
            AddMissing();
        if (column.IsList)
            return column.IsText ? _lists.Cast<string[]?>().ToArray() : _lists.Cast<double[]?>().ToArray();
        return column.IsText ? _texts.ToArray() : _numbers.ToArray();
    }

    /// <summary>The values of a list; one that is no list is a list of one. Missing ones are left out.</summary>
    Array List(ref Utf8JsonReader reader, int row, string form)
    {
        var (texts, numbers) = (new List<string>(), new List<double>());
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Add(ref reader);
        }
        else
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.Null)
                    Add(ref reader);
            }
        }

        return column.IsText ? texts.ToArray() : numbers.ToArray();

        void Add(ref Utf8JsonReader reader)
        {
            if (!column.IsText)
                numbers.Add(Number(ref reader, row, form));
            else if (Text(ref reader, row, form) is { } text)
                texts.Add(text);
        }
    }

    void AddMissing()
    {
        if (column.IsList)
            _lists.Add(null);
        else if (column.IsText)
            _texts.Add(null);
        else
            _numbers.Add(double.NaN);
    }

    double Number(ref Utf8JsonReader reader, int row, string form)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            var cure = reader.TokenType == JsonTokenType.String ? "; write it without quotation marks" : "";
            throw Wrong(row, form, Found.At(ref reader), $"a number, or null for missing{cure}");
        }

        return reader.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Wrong(row, form, "a number that is infinite, or too large for double precision", "a finite number, or null for missing");
    }

    string? Text(ref Utf8JsonReader reader, int row, string form)
    {
        string? text;
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                text = Plain(ref reader, row, form);
                break;
            case JsonTokenType.StartObject:
                text = Base64(ref reader, row, form);
                break;
            default:
                var cure = reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False
                    ? "; write it in quotation marks, exactly as it stands in the training data"
                    : "";
                throw Wrong(row, form, Found.At(ref reader), $"a text, or null for missing{cure}");
        }

        if (text.Length > limits.MaxTextLength)
            throw Wrong(row, form, $"a text of {text.Length} characters", $"at most {limits.MaxTextLength}");
        return text.Length == 0 ? null : text;
    }

    string Plain(ref Utf8JsonReader reader, int row, string form)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong(row, form, "a text that is no valid UTF-8, or has half of a surrogate pair", "a text in UTF-8");
        }
    }

    string Base64(ref Utf8JsonReader reader, int row, string form)
    {
        const string expected = "a text, or an object {\"b64\": …} with a text in base64";
        reader.Read();
        if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("b64"))
            throw Wrong(row, form, "an object", expected);
        reader.Read();
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out var bytes))
            throw Wrong(row, form, $"an object whose b64 is {Found.At(ref reader)}", expected);
        reader.Read();
        if (reader.TokenType != JsonTokenType.EndObject)
            throw Wrong(row, form, "an object with more than b64", expected);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (ArgumentException)
        {
            throw Wrong(row, form, "a text in base64 whose bytes are no valid UTF-8", "a text in UTF-8");
        }
    }

    ServingException Wrong(int row, string form, string found, string expected)
    {
        var place = form == "inputs" ? $"inputs.{column.Name}[{row}]" : $"instances[{row}].{column.Name}";
        return ServingException.Invalid($"Row {row + 1}, column '{column.Name}' ({place}): found {found}. Expected {expected}.");
    }
}

/// <summary>Says in words what stands in a request.</summary>
static class Found
{
    const int Longest = 40;

    public static string At(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => $"the text \"{Short(Raw(ref reader))}\"",
        JsonTokenType.Number => $"the number {Short(Raw(ref reader))}",
        JsonTokenType.True or JsonTokenType.False => $"the truth value {Raw(ref reader)}",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.EndArray => "an empty list",
        JsonTokenType.StartObject => "an object",
        _ => "nothing",
    };

    public static string Short(string text) => text.Length <= Longest ? text : text[..(Longest - 1)] + "…";

    static string Raw(ref Utf8JsonReader reader) => Encoding.UTF8.GetString(reader.ValueSpan);
}
