using System.Text.Json;
using Gyre.Data;

namespace Gyre.Serving;

/// <summary>Reads one request. See <see cref="PredictRequest"/> for its form.</summary>
sealed class PredictReader(RequestColumns columns, RequestLimits limits)
{
    const string Rows = "instances";
    const string Columns = "inputs";
    const string DefaultSignature = "serving_default";

    readonly ColumnBuffer[] _buffers = [.. Enumerable.Range(0, columns.Count).Select(index => new ColumnBuffer(columns[index], limits))];

    public PredictRequest Read(Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw ServingException.Invalid($"The body is {Found.At(ref reader)}. Expected an object such as {columns.Sample}.");
        string? form = null;
        var rows = 0;
        var others = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (key is not (Rows or Columns))
            {
                others.Add(key);
                Other(ref reader, key);
                continue;
            }

            if (form is not null)
                throw ServingException.Invalid($"The body has '{form}' and {(key == form ? "again" : "also")} '{key}'. Expected one of the two, once: '{Rows}' for rows, '{Columns}' for columns.");
            form = key;
            rows = key == Rows ? ReadRows(ref reader) : ReadColumns(ref reader);
        }

        // What follows the object is an error that only shows when it is read.
        reader.Read();
        if (form is null)
        {
            var found = others.Count == 0 ? "is an object without properties" : $"has {string.Join(", ", others.Select(name => $"'{name}'"))}";
            throw ServingException.Invalid($"The body {found}. Expected '{Rows}' or '{Columns}', for example {columns.Sample}.");
        }

        return new PredictRequest(form == Columns, new ExampleBatch(rows, _buffers.ToDictionary(buffer => buffer.Column.Name, buffer => buffer.ToArray(rows), StringComparer.Ordinal)));
    }

    /// <summary>Properties that other servers know are let pass, but not what would change the answer.</summary>
    static void Other(ref Utf8JsonReader reader, string key)
    {
        if (key == "signature_name" && !(reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals(DefaultSignature) || reader.ValueTextEquals(""))))
            throw ServingException.Invalid($"'signature_name' is {Found.At(ref reader)}. Expected \"{DefaultSignature}\", the only one that models here have; or leave it out.");
        reader.Skip();
    }

    int ReadRows(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw ServingException.Invalid($"'{Rows}' is {Found.At(ref reader)}. Expected a list of rows, for example {columns.Sample}.");
        var row = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; row++)
        {
            RequireRoom(row);
            if (IsBareValue(ref reader))
                _buffers[0].Read(ref reader, row, Rows);
            else if (reader.TokenType == JsonTokenType.StartObject)
                ReadRow(ref reader, row);
            else
                throw ServingException.Invalid($"Row {row + 1} ({Rows}[{row}]) is {Found.At(ref reader)}. Expected an object with the columns {columns.Names}.");
        }

        return row;
    }

    void ReadRow(ref Utf8JsonReader reader, int row)
    {
        var guess = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = columns.Find(ref reader, guess)
                ?? throw ServingException.Invalid($"Row {row + 1} ({Rows}[{row}]) has a column '{Found.Short(reader.GetString()!)}'. The model's columns: {columns.Names}. Correct the name or leave it out.");
            guess = column.Index + 1;
            if (_buffers[column.Index].Count > row)
                throw ServingException.Invalid($"Row {row + 1} ({Rows}[{row}]) has the column '{column.Name}' twice. Expected it once.");
            reader.Read();
            _buffers[column.Index].Read(ref reader, row, Rows);
        }
    }

    int ReadColumns(ref Utf8JsonReader reader)
    {
        if (columns.Count == 1 && (reader.TokenType == JsonTokenType.StartArray || IsBareValue(ref reader)))
            return ReadColumn(ref reader, _buffers[0]);
        if (reader.TokenType != JsonTokenType.StartObject)
            throw ServingException.Invalid($"'{Columns}' is {Found.At(ref reader)}. Expected an object with a list of values for each of the columns {columns.Names}.");
        ColumnBuffer? first = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = columns.Find(ref reader, guess: 0)
                ?? throw ServingException.Invalid($"'{Columns}' has a column '{Found.Short(reader.GetString()!)}'. The model's columns: {columns.Names}. Correct the name or leave it out.");
            var buffer = _buffers[column.Index];
            if (buffer.IsRead)
                throw ServingException.Invalid($"'{Columns}' has the column '{column.Name}' twice. Expected it once.");
            reader.Read();
            var rows = ReadColumn(ref reader, buffer);
            first ??= buffer;
            if (rows != first.Count)
                throw ServingException.Invalid($"The column '{column.Name}' has {rows} values and '{first.Column.Name}' {first.Count}. Expected as many in every column.");
        }

        return first?.Count ?? throw ServingException.Invalid($"'{Columns}' has no columns. Expected at least one of {columns.Names}.");
    }

    int ReadColumn(ref Utf8JsonReader reader, ColumnBuffer buffer)
    {
        buffer.IsRead = true;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            buffer.Read(ref reader, 0, Columns);
            return 1;
        }

        var row = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; row++)
        {
            RequireRoom(row);
            buffer.Read(ref reader, row, Columns);
        }

        return row;
    }

    /// <summary>Where a model has one column only, its name may be left out.</summary>
    bool IsBareValue(ref Utf8JsonReader reader)
    {
        if (columns.Count != 1)
            return false;
        if (reader.TokenType != JsonTokenType.StartObject)
            return true;
        var ahead = reader;
        ahead.Read();
        return ahead.TokenType == JsonTokenType.PropertyName && ahead.ValueTextEquals("b64") && columns[0].Name != "b64";
    }

    void RequireRoom(int row)
    {
        if (row >= limits.MaxRows)
            throw ServingException.Invalid($"The request has more than {limits.MaxRows} rows. Send at most {limits.MaxRows} in one request.");
    }
}
