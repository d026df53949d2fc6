using System.Collections;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gyre.Schemas.TextFormat;

/// <summary>
/// Writes messages in protobuf's text format: fields in the order of their numbers, two spaces to a level, map entries
/// in the order of their keys, so that equal messages give equal texts. Fields unknown to the message are left out.
/// </summary>
static class TextPrinter
{
    public static string Print(IMessage message)
    {
        var text = new StringBuilder();
        Fields(text, message, indent: 0);
        return text.ToString();
    }

    static void Fields(StringBuilder text, IMessage message, int indent)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (field.IsMap)
            {
                var map = (IDictionary)value;
                foreach (var key in map.Keys.Cast<object>().Order(Comparer<object>.Create(CompareKeys)))
                    Entry(text, field, key, map[key]!, indent);
            }
            else if (field.IsRepeated)
            {
                foreach (var item in (IEnumerable)value)
                    Field(text, field, item, indent);
            }
            else if (IsSet(message, field, value))
            {
                Field(text, field, value, indent);
            }
        }
    }

    static void Entry(StringBuilder text, FieldDescriptor field, object key, object value, int indent)
    {
        text.Append(' ', indent).Append(field.Name).Append(" {\n");
        Field(text, field.MessageType.FindFieldByNumber(1), key, indent + 2);
        Field(text, field.MessageType.FindFieldByNumber(2), value, indent + 2);
        text.Append(' ', indent).Append("}\n");
    }

    static void Field(StringBuilder text, FieldDescriptor field, object value, int indent)
    {
        text.Append(' ', indent).Append(field.Name);
        if (value is IMessage nested)
        {
            text.Append(" {\n");
            Fields(text, nested, indent + 2);
            text.Append(' ', indent).Append("}\n");
        }
        else
        {
            text.Append(": ").Append(TextScalars.Write(field, value)).Append('\n');
        }
    }

    /// <summary>Without presence (proto3) a default value is an absent one; negative zero is not the default.</summary>
    static bool IsSet(IMessage message, FieldDescriptor field, object? value) =>
        field.HasPresence
            ? field.Accessor.HasValue(message)
            : value switch
            {
                null => false,
                double real => BitConverter.DoubleToInt64Bits(real) != 0,
                float single => BitConverter.SingleToInt32Bits(single) != 0,
                Enum name => Convert.ToInt32(name, System.Globalization.CultureInfo.InvariantCulture) != 0,
                _ => !value.Equals(TextScalars.Default(field)),
            };

    static int CompareKeys(object? one, object? other) =>
        one is string text ? string.CompareOrdinal(text, other as string) : Comparer<object>.Default.Compare(one, other);
}
