using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Gyre.Ingestion;

/// <summary>The objects of a file of JSON lines.</summary>
sealed class JsonRows : RowSource
{
    readonly LineReader _lines;
    readonly JsonShape _shape;
    readonly int[] _numbers;

    /// <summary>The values of this row, one after the other: where each stands in <see cref="_text"/>.</summary>
    readonly List<(int Start, int Length)> _values = [];

    /// <summary>For each key by its number what it has in this row.</summary>
    readonly List<Found> _found = [];
    readonly List<int> _present = [];
    byte[] _text = new byte[1 << 12];
    int _length;

    /// <param name="lines">Reads the lines; disposed of with the rows.</param>
    /// <param name="name">The file's name in messages.</param>
    /// <param name="shape">The keys; complete when rows are read as such.</param>
    public JsonRows(LineReader lines, string name, JsonShape shape)
        : base(name)
    {
        (_lines, _shape) = (lines, shape);
        Fields = [.. shape.Fields.Select(key => new SourceField(key.Path, IsList: key.IsList))];
        _numbers = [.. shape.Fields.Select(key => key.Number)];
    }

    public override IReadOnlyList<SourceField> Fields { get; }

    public override long Line => _lines.Number;

    public override bool Next()
    {
        do
        {
            if (!_lines.Next())
                return false;
        }
        while (_lines.Line.Trim(" \t"u8).IsEmpty);
        Clear();
        Fault = Read();
        return true;
    }

    /// <summary>Takes the keys of this row for fields.</summary>
    public void Learn()
    {
        foreach (var number in _present)
            _shape.Learn(number, _found[number].IsList);
    }

    public override int CountOf(int field) => _numbers[field] < _found.Count ? _found[_numbers[field]].Count : -1;

    public override ReadOnlySpan<byte> Value(int field, int index)
    {
        var (start, length) = _values[_found[_numbers[field]].First + index];
        return _text.AsSpan(start, length);
    }

    public override bool IsSurelyText(int field) => _found[_numbers[field]].IsText;

    public override (long Line, long Position) PlaceOf(int field) => (Line, PositionOf(_found[_numbers[field]].At));

    public override string RowText() => Encoding.UTF8.GetString(_lines.Line);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _lines.Dispose();
        base.Dispose(disposing);
    }

    void Clear()
    {
        foreach (var number in _present)
            _found[number] = Found.Nothing;
        _present.Clear();
        _values.Clear();
        _length = 0;
    }

    RowFault? Read()
    {
        var line = _lines.Line;
        if (InvalidAt(line) is { } invalid)
            return FaultAt(invalid, "bytes that are no valid UTF-8. Expected JSON in UTF-8: convert the file, for example with 'iconv -f LATIN1 -t UTF-8'");
        var reader = new Utf8JsonReader(line);
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray && Line == 1 && line.Trim(" \t"u8).Length == 1)
                throw new InvalidDataException($"{Name}:1: the file is one list. Expected JSON lines, an object on every line: convert it, for example with 'jq -c .[]'.");
            if (reader.TokenType != JsonTokenType.StartObject)
                return FaultAt(reader.TokenStartIndex, $"{Word(reader.TokenType)}. Expected an object with a key for every column: {{\"key\": value, …}}");
            var fault = ReadObject(ref reader, _shape.Root);

            // What stands behind the object is found by reading on.
            return fault ?? (reader.Read() ? FaultAt(reader.TokenStartIndex, "more than one object. Expected one on every line: break the line") : null);
        }
        catch (JsonException error)
        {
            return FaultAt(Math.Min(error.BytePositionInLine ?? 0, line.Length), $"no valid JSON ({Sentence(error.Message)}). Expected one whole object on the line: correct it");
        }
        catch (InvalidOperationException)
        {
            return FaultAt(reader.TokenStartIndex, "an escape that is half of a character. Expected both halves (\\ud83d\\ude00): correct the text");
        }
    }

    RowFault? ReadObject(ref Utf8JsonReader reader, JsonKey parent)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var at = reader.TokenStartIndex;
            var key = JsonShape.Find(parent, ref reader);
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                if (ReadObject(ref reader, key) is { } inner)
                    return inner;
                continue;
            }

            var number = _shape.NumberOf(key);
            while (_found.Count <= number)
                _found.Add(Found.Nothing);
            if (_found[number].IsThere)
                return FaultAt(at, $"the key '{key.Path}' for the second time. Expected each once: rename one of them");
            _present.Add(number);
            var found = new Found(IsThere: true, Count: -1, First: _values.Count, IsList: false, IsText: false, At: (int)reader.TokenStartIndex);
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                if (ReadList(ref reader, key, ref found) is { } fault)
                    return fault;
            }
            else if (reader.TokenType != JsonTokenType.Null)
            {
                found = found with { Count = 1, IsText = Add(ref reader) };
            }

            _found[number] = found;
        }

        return null;
    }

    RowFault? ReadList(ref Utf8JsonReader reader, JsonKey key, ref Found found)
    {
        var (count, isText) = (0, false);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.Null)
                return FaultAt(reader.TokenStartIndex, $"{Word(reader.TokenType)} inside the list '{key.Path}'. Expected texts, numbers, true or false there: flatten the data before, or leave the key out");
            isText |= Add(ref reader);
            count++;
        }

        found = found with { Count = count, IsList = true, IsText = isText };
        return null;
    }

    /// <summary>Keeps a value; says whether it is text.</summary>
    bool Add(ref Utf8JsonReader reader)
    {
        var isText = reader.TokenType == JsonTokenType.String;
        if (_text.Length - _length < reader.ValueSpan.Length)
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + reader.ValueSpan.Length));
        var target = _text.AsSpan(_length);
        var length = 1;
        if (isText)
            length = reader.CopyString(target);
        else if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            target[0] = reader.TokenType == JsonTokenType.True ? (byte)'1' : (byte)'0';
        else
            reader.ValueSpan.CopyTo(target[..(length = reader.ValueSpan.Length)]);
        _values.Add((_length, length));
        _length += length;
        return isText;
    }

    RowFault FaultAt(long at, string reason) => new(Line, PositionOf((int)at), reason);

    /// <summary>Positions count characters, as editors do.</summary>
    long PositionOf(int at)
    {
        var position = 1L;
        foreach (var value in _lines.Line[..Math.Min(at, _lines.Line.Length)])
            position += (value & 0xC0) == 0x80 ? 0 : 1;
        return position;
    }

    static int? InvalidAt(ReadOnlySpan<byte> line)
    {
        if (Utf8.IsValid(line))
            return null;
        for (var position = 0; ;)
        {
            if (Rune.DecodeFromUtf8(line[position..], out _, out var length) != System.Buffers.OperationStatus.Done)
                return position;
            position += length;
        }
    }

    static string Word(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };

    /// <summary>The parser's words without the place, which is told already.</summary>
    static string Sentence(string message) => message.IndexOf(" LineNumber:", StringComparison.Ordinal) is var end and > 0 ? message[..end].TrimEnd('.') : message.TrimEnd('.');

    readonly record struct Found(bool IsThere, int Count, int First, bool IsList, bool IsText, int At)
    {
        public static Found Nothing { get; } = new(IsThere: false, Count: -1, First: 0, IsList: false, IsText: false, At: 0);
    }
}
