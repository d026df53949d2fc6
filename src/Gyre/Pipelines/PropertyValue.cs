using System.Globalization;

namespace Gyre.Pipelines;

/// <summary>
/// One property of an artifact or execution: a whole number, a real number, a text or a truth value;
/// these are the kinds that the metadata store can hold and search.
/// </summary>
public readonly record struct PropertyValue
{
    readonly object? _value;

    PropertyValue(object value) => _value = value;

    /// <summary>The value itself: <see cref="long"/>, <see cref="double"/>, <see cref="string"/> or <see cref="bool"/>.</summary>
    public object Value => _value ?? "";

    public static implicit operator PropertyValue(long value) => new(value);
    public static implicit operator PropertyValue(double value) => new(value);
    public static implicit operator PropertyValue(string value) => new(value);
    public static implicit operator PropertyValue(bool value) => new(value);

    /// <summary>The value as a whole number; a truth value counts as 1 or 0, anything else throws.</summary>
    public long AsInteger() => Value is bool flag ? (flag ? 1 : 0) : (long)Value;

    public double AsReal() => Convert.ToDouble(Value, CultureInfo.InvariantCulture);

    public bool AsFlag() => Value is long number ? number != 0 : (bool)Value;

    public override string ToString() => Convert.ToString(Value, CultureInfo.InvariantCulture) ?? "";
}
