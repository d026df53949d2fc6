using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gyre.Schemas.TextFormat;

/// <summary>
/// Reads messages in protobuf's text format: comments, optional separators, <c>{}</c> or <c>&lt;&gt;</c>, lists in
/// brackets, adjacent strings, numbers in base 8, 10 and 16, enums by name or number, maps as entries.
/// Extensions and expanded <c>Any</c> values are refused.
/// </summary>
sealed class TextParser
{
    /// <summary>Deeper nesting is no schema but an attempt to exhaust the stack.</summary>
    const int DeepestNesting = 100;

    /// <summary>Fields that files of TFX bear, but that no published message has.</summary>
    static readonly string[] Unpublished = ["generate_legacy_feature_spec"];

    readonly TextTokenizer _tokenizer;
    readonly ICollection<string>? _ignored;
    TextToken _token;

    TextParser(string text, string source, ICollection<string>? ignored)
    {
        _ignored = ignored;
        _tokenizer = new TextTokenizer(text, source);
        _token = _tokenizer.Next();
    }

    /// <summary>Reads a message.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="ignored">Is told, with its place, of each field that means nothing to us and was passed over.</param>
    /// <exception cref="TextFormatException">The text is not such a message.</exception>
    public static T Parse<T>(string text, string source, ICollection<string>? ignored = null)
        where T : IMessage, new()
    {
        var message = new T();
        ParseInto(message, text, source, ignored);
        return message;
    }

    /// <summary>The same for a kind of message that is known only when the program runs.</summary>
    public static IMessage ParseInto(MessageDescriptor kind, string text, string source)
    {
        var message = kind.Parser.ParseFrom(ByteString.Empty);
        ParseInto(message, text, source);
        return message;
    }

    static void ParseInto(IMessage message, string text, string source, ICollection<string>? ignored = null) =>
        new TextParser(text, source, ignored).Fields(message, end: null, depth: 0);

    void Fields(IMessage message, char? end, int depth)
    {
        if (depth > DeepestNesting)
            throw Fault($"messages nest deeper than {DeepestNesting} levels.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!AtEnd(end))
        {
            var name = _token;
            if (IsNoField(message.Descriptor))
            {
                Skip(message.Descriptor);
                continue;
            }

            var field = Field(message.Descriptor);
            CheckSingle(field, seen, name);
            Value(message, field, depth);
            SkipSeparator();
        }
    }

    bool AtEnd(char? end)
    {
        if (end is not { } symbol)
            return _token.Kind == TokenKind.End;
        if (_token.Kind == TokenKind.End)
            throw Fault($"the file ends inside a message. Expected '{symbol}'.");
        return TryTake(symbol);
    }

    /// <summary>A number stands where the writer knew a field that its own messages lack: nothing that we could know either.</summary>
    bool IsNoField(MessageDescriptor descriptor) =>
        (_token.Kind == TokenKind.Number && int.TryParse(_token.Written, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _))
        || (_token.Kind == TokenKind.Identifier && Unpublished.Contains(_token.Written, StringComparer.Ordinal) && descriptor.FindFieldByName(_token.Written) is null);

    void Skip(MessageDescriptor descriptor)
    {
        _ignored?.Add(Fault($"'{_token.Written}' is no published field of {descriptor.Name} and is passed over; what it says has no effect.").Message);
        Advance();
        TryTake(':');
        if (_token.Is('{') || _token.Is('<') || _token.Is('['))
            SkipBracketed();
        else
            SkipScalar();
        SkipSeparator();
    }

    void SkipBracketed()
    {
        var closing = new Stack<char>();
        do
        {
            if (_token.Kind == TokenKind.End)
                throw Fault($"the file ends inside a message. Expected '{closing.Peek()}'.");
            if (_token.Is('{') || _token.Is('<') || _token.Is('['))
                closing.Push(_token.Is('{') ? '}' : _token.Is('<') ? '>' : ']');
            else if (_token.Is(closing.Peek()))
                closing.Pop();
            Advance();
        }
        while (closing.Count > 0);
    }

    void SkipScalar()
    {
        TryTake('-');
        if (_token.Kind is not (TokenKind.Number or TokenKind.Identifier or TokenKind.Text))
            throw Fault($"expected a value, found {_token.Shown}.");
        var isText = _token.Kind == TokenKind.Text;
        Advance();
        while (isText && _token.Kind == TokenKind.Text)
            Advance();
    }

    FieldDescriptor Field(MessageDescriptor descriptor)
    {
        if (_token.Is('['))
            throw Fault("extensions and expanded Any values are not read here. Remove the bracketed name and its value.");
        if (_token.Kind != TokenKind.Identifier)
            throw Fault($"expected the name of a field of {descriptor.Name}, found {_token.Shown}.");
        var field = descriptor.FindFieldByName(_token.Written)
            ?? throw Fault($"{descriptor.Name} has no field '{_token.Written}'. It has: {string.Join(", ", descriptor.Fields.InFieldNumberOrder().Select(known => known.Name))}.");
        Advance();
        return field;
    }

    /// <summary>A second value would silently replace the first.</summary>
    void CheckSingle(FieldDescriptor field, HashSet<string> seen, TextToken name)
    {
        if (field.IsRepeated)
            return;
        if (!seen.Add(field.Name))
            throw Fault(name, $"'{field.Name}' stands twice, but can have one value only. Remove one.");
        if (field.RealContainingOneof is { } choice && !seen.Add($"oneof {choice.Name}"))
            throw Fault(name, $"'{field.Name}' stands beside another of {string.Join(", ", choice.Fields.Select(other => other.Name))}, of which only one is allowed. Remove one.");
    }

    void Value(IMessage message, FieldDescriptor field, int depth)
    {
        var isMessage = field.FieldType is FieldType.Message or FieldType.Group;
        if (!TryTake(':') && !isMessage)
            throw Fault($"expected ':' after '{field.Name}', found {_token.Shown}.");
        if (!_token.Is('['))
        {
            Store(message, field, depth);
            return;
        }

        if (!field.IsRepeated)
            throw Fault($"'{field.Name}' has one value, not a list. Remove the brackets.");
        Advance();
        if (TryTake(']'))
            return;
        do
            Store(message, field, depth);
        while (TryTake(','));
        Expect(']');
    }

    void Store(IMessage message, FieldDescriptor field, int depth)
    {
        if (field.IsMap)
            Entry((IDictionary)field.Accessor.GetValue(message), field, depth);
        else if (field.IsRepeated)
            ((IList)field.Accessor.GetValue(message)).Add(Single(field, depth));
        else
            field.Accessor.SetValue(message, Single(field, depth));
    }

    object Single(FieldDescriptor field, int depth)
    {
        if (field.FieldType is not (FieldType.Message or FieldType.Group))
            return Scalar(field);
        var message = field.MessageType.Parser.ParseFrom(ByteString.Empty);
        Fields(message, Opening(), depth + 1);
        return message;
    }

    void Entry(IDictionary map, FieldDescriptor field, int depth)
    {
        var start = _token;
        var end = Opening();
        var (keyField, valueField) = (field.MessageType.FindFieldByNumber(1), field.MessageType.FindFieldByNumber(2));
        object? key = null;
        object? value = null;
        while (!AtEnd(end))
        {
            var part = Field(field.MessageType);
            var nested = part.FieldType == FieldType.Message;
            if (!TryTake(':') && !nested)
                throw Fault($"expected ':' after '{part.Name}', found {_token.Shown}.");
            if (part == keyField)
                key = Single(part, depth);
            else
                value = Single(part, depth + 1);
            SkipSeparator();
        }

        key ??= TextScalars.Default(keyField);
        if (map.Contains(key))
            throw Fault(start, $"'{field.Name}' has the key '{key}' twice. Remove one.");
        map.Add(key, value ?? TextScalars.Default(valueField));
    }

    char Opening()
    {
        if (TryTake('{'))
            return '}';
        if (TryTake('<'))
            return '>';
        throw Fault($"expected '{{', found {_token.Shown}.");
    }

    object Scalar(FieldDescriptor field)
    {
        var start = _token;
        if (field.FieldType is FieldType.String or FieldType.Bytes)
            return TextScalars.Text(field, Strings(field), problem => Fault(start, problem));
        var negative = TryTake('-');
        if (_token.Kind is not (TokenKind.Number or TokenKind.Identifier))
            throw Fault($"expected {TextScalars.Wanted(field)} for '{field.Name}', found {_token.Shown}.");
        var value = TextScalars.Number(field, _token, negative)
            ?? throw Fault(start, $"expected {TextScalars.Wanted(field)} for '{field.Name}', found '{(negative ? "-" : "")}{_token.Written}'.");
        Advance();
        return value;
    }

    byte[] Strings(FieldDescriptor field)
    {
        if (_token.Kind != TokenKind.Text)
            throw Fault($"expected a quoted string for '{field.Name}', found {_token.Shown}.");
        var bytes = _token.Bytes;
        Advance();
        while (_token.Kind == TokenKind.Text)
        {
            bytes = [.. bytes, .. _token.Bytes];
            Advance();
        }

        return bytes;
    }

    void SkipSeparator()
    {
        if (!TryTake(','))
            TryTake(';');
    }

    bool TryTake(char symbol)
    {
        if (!_token.Is(symbol))
            return false;
        Advance();
        return true;
    }

    void Expect(char symbol)
    {
        if (!TryTake(symbol))
            throw Fault($"expected '{symbol}', found {_token.Shown}.");
    }

    void Advance() => _token = _tokenizer.Next();

    TextFormatException Fault(string problem) => Fault(_token, problem);

    TextFormatException Fault(TextToken at, string problem) => _tokenizer.Fault(at.Line, at.Column, problem);
}
