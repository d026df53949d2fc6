using System.Text.Unicode;
using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>How one column is read, and what is known of it so far.</summary>
/// <param name="column">The column.</param>
/// <param name="demanded">The type that the user asks for; null for none.</param>
/// <param name="origin">The field from which it comes, as the first file has it.</param>
/// <param name="mustBeList">Whether it is a list even if the source has single values.</param>
/// <param name="nullTokens">What means that a value is missing.</param>
/// <param name="emptyIsMissing">Whether the empty text means it too.</param>
/// <param name="isRequired">Whether rows without a value are left out.</param>
sealed class ColumnPlan(Column column, ColumnType? demanded, SourceField origin, bool mustBeList, byte[][] nullTokens, bool emptyIsMissing, bool isRequired)
{
    readonly ColumnType? _declared = origin.Type;

    public Column Column => column;

    /// <summary>The type that every value must have; null when the source vouches for it, or when it is yet to be found.</summary>
    public ColumnType? Demanded { get; } = demanded is { } type && type != origin.Type ? type : null;

    /// <summary>Whether values are looked at to find the type.</summary>
    public bool IsOpen => _declared is null && demanded is null;

    public bool IsList => origin.IsList || mustBeList;

    public bool IsRequired => isRequired;

    public TypeInference Inference { get; private set; } = new();

    public ColumnType Type => demanded ?? _declared ?? Inference.Type;

    /// <summary>Its position in the file that is being read.</summary>
    public int Field { get; set; }

    /// <summary>How many values it has in the row that is being read; −1 when it is missing.</summary>
    public int Count { get; set; }

    /// <summary>The column that is being written, with the type that was thought to be right when the reading began.</summary>
    public ChunkColumn Written { get; private set; }

    /// <summary>The same as a column of examples.</summary>
    public ExampleColumn WrittenColumn => Result with
    {
        Type = Written.Value switch
        {
            ChunkValue.Int64 => ColumnType.Integer,
            ChunkValue.Double => ColumnType.Real,
            ChunkValue.Bytes => ColumnType.Bytes,
            _ => ColumnType.Text,
        },
    };

    /// <summary>Whether that is the type that all values read since have.</summary>
    public bool IsWrittenRight => Written.Value == Value;

    /// <summary>Whether all values read since can be written so.</summary>
    public bool CanBeWritten => !IsOpen || !Inference.HasValues || (Written.Value, Type) switch
    {
        (ChunkValue.Int64, ColumnType.Integer) or (ChunkValue.Double, ColumnType.Integer or ColumnType.Real) => true,
        (var written, _) => written is ChunkValue.Text or ChunkValue.Bytes,
    };

    /// <summary>Begins a reading: values are written with the type known by now, and looked at anew.</summary>
    public void BeginReading()
    {
        Written = new ChunkColumn(column.Name, Value, IsList);
        Inference = new TypeInference();
    }

    public ExampleColumn Result => new(column.Name, Type) { IsList = IsList };

    ChunkValue Value => Type switch
    {
        ColumnType.Integer => ChunkValue.Int64,
        ColumnType.Real => ChunkValue.Double,
        ColumnType.Bytes => ChunkValue.Bytes,
        _ => ChunkValue.Text,
    };

    /// <summary>Whether a value has the type that was demanded.</summary>
    public bool Fits(ReadOnlySpan<byte> value) => Demanded is not { } type
        || ((_declared != ColumnType.Bytes || Utf8.IsValid(value)) && TypeInference.Fits(value, type));

    /// <summary>Fails when a further file declares the column otherwise than the first.</summary>
    /// <exception cref="InvalidDataException">It does.</exception>
    public void RequireSame(SourceField other, string place)
    {
        if (other.Type != _declared || other.IsList != origin.IsList)
        {
            throw new InvalidDataException(
                $"{place}: the column '{column.Name}' is {Describe(other)}, in the first file {Describe(origin)}. Expected the same type in all files: "
                + "correct the files, or read them apart.");
        }
    }

    static string Describe(SourceField field) => $"{(field.IsList ? "a list of " : "")}{field.Type?.ToString() ?? "Text"}";

    public bool MeansMissing(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return emptyIsMissing;
        foreach (var token in nullTokens)
        {
            if (value.SequenceEqual(token))
                return true;
        }

        return false;
    }
}
