using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>A file to read.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Name">The name by which messages call it.</param>
/// <param name="Fingerprint">The fingerprint of its content; empty where nobody asked for it.</param>
sealed record SourceFile(string Path, string Name, string Fingerprint = "")
{
    /// <summary>The index of the split that the file is, where files are splits.</summary>
    public int Split { get; init; }

    /// <summary>The span that it belongs to; 0 where data does not come in spans.</summary>
    public long Span { get; init; }

    /// <summary>The version of the span.</summary>
    public long Version { get; init; }
}

/// <summary>A field of a source's rows.</summary>
/// <param name="Name">Its name in the source.</param>
/// <param name="Type">The type that the source declares; null where values are looked at to find it.</param>
/// <param name="IsList">Whether a row may have any number of values.</param>
readonly record struct SourceField(string Name, ColumnType? Type = null, bool IsList = false);

/// <summary>What is wrong with a row, and where.</summary>
/// <param name="Line">The line, or the number of the record, counted from 1.</param>
/// <param name="Position">The position in it, counted from 1.</param>
/// <param name="Reason">What was found, what was expected, and the cure.</param>
readonly record struct RowFault(long Line, long Position, string Reason);

/// <summary>
/// The rows of one file, or of one query, one after the other. What a row consists of is handed out in place and void
/// when the next one is read; a row costs no allocation.
/// </summary>
abstract class RowSource(string name) : IDisposable
{
    /// <summary>The name of the file in messages.</summary>
    public string Name => name;

    /// <summary>Where messages about columns point to.</summary>
    public virtual string HeaderPlace => name;

    /// <summary>What the names of the fields are called in messages.</summary>
    public virtual string HeaderName => "Its columns";

    /// <summary>The fields that rows have, in order.</summary>
    public abstract IReadOnlyList<SourceField> Fields { get; }

    /// <summary>The line on which the row begins, or the number of the record, counted from 1.</summary>
    public abstract long Line { get; }

    /// <summary>What is wrong with the row; null when it is sound. Of a row with a fault nothing else may be asked than its line and text.</summary>
    public RowFault? Fault { get; protected set; }

    /// <summary>Goes to the next row; false at the end.</summary>
    /// <exception cref="InvalidDataException">The source cannot be read on; the message says where and why.</exception>
    public abstract bool Next();

    /// <summary>How many values a field has in this row: −1 when it is missing, 0 when it is there without a value.</summary>
    public virtual int CountOf(int field) => 1;

    /// <summary>A value as text in UTF-8; of a field that is bytes, these.</summary>
    /// <param name="field">The position of the field.</param>
    /// <param name="index">Which of its values.</param>
    public abstract ReadOnlySpan<byte> Value(int field, int index);

    /// <summary>Whether the source itself says that the values of this field in this row are text, though they may look like numbers.</summary>
    public virtual bool IsSurelyText(int field) => false;

    /// <summary>The line and the position in it, both counted from 1, of a field's first byte.</summary>
    public virtual (long Line, long Position) PlaceOf(int field) => (Line, field + 1);

    /// <summary>The row as a serialised <c>tf.Example</c>, where the source holds such; else empty.</summary>
    public virtual ReadOnlySpan<byte> Record => [];

    /// <summary>The row for the list of rejected rows.</summary>
    public abstract string RowText();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
