using Gyre.Onnx;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms;

public sealed partial class FeatureBuilder
{
    readonly Dictionary<string, ForeignModel> _encoders = new(StringComparer.Ordinal);

    /// <summary>Splices a pretrained model into the graph behind a value; with a mistake the value stands for a vector of one number.</summary>
    internal VectorValue Encode(Expression value, string path, EncoderOptions options)
    {
        var fallback = new VectorValue(this, Apply(new Join(1), Apply(new Constant(0))));
        ForeignModel model;
        try
        {
            var full = Path.GetFullPath(path);
            if (!_encoders.TryGetValue(full, out model!))
                _encoders.Add(full, model = ForeignModel.Load(full));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            Error($"The encoder '{path}' cannot be used: {error.Message}");
            return fallback;
        }

        var kind = value.Step.Operator.Kind;
        if (Ports(model, kind, options, path) is not { } ports)
            return fallback;
        var output = model.Output(ports.Output);
        if ((options.Width ?? output.Shape[^1]) is not { } width)
        {
            Error($"The encoder '{path}' does not say how wide its output '{output.Name}' is. Say it: Width = 384.");
            return fallback;
        }

        return new(this, Apply(
            new Encode(model.Digest, ports.Input, ports.Mask, ports.TokenTypes, ports.Output, (int)width, options.PadId) { Path = Path.GetFullPath(path), Of = kind, Model = model },
            value.Step));
    }

    (string Input, string? Mask, string? TokenTypes, string Output)? Ports(ForeignModel model, TensorKind kind, EncoderOptions options, string path)
    {
        var isRight = true;
        var wanted = kind switch
        {
            TensorKind.Text => "texts: string [N] or [N, 1]",
            TensorKind.TokenIds => "ids: int64 or int32 [N, T]",
            _ => "numbers: float or double [N, W]",
        };
        var left = model.Inputs.Where(candidate => candidate.Name != options.Mask && candidate.Name != options.TokenTypes).ToList();
        var input = Choose("Input", options.Input, [.. left.Where(Takes)], left, wanted);
        foreach (var (name, port) in new[] { ("Mask", options.Mask), ("TokenTypes", options.TokenTypes) })
        {
            if (port is not null && (kind != TensorKind.TokenIds || model.Inputs.All(candidate => candidate.Name != port)))
                Wrong($"{name} = \"{port}\" is no input beside ids. Inputs: {Described(model.Inputs)}.");
        }

        var output = Choose("Output", options.Output, [.. model.Outputs.Where(Gives)], model.Outputs, kind == TensorKind.TokenIds ? "vectors: float [N, W] or [N, T, W]" : "vectors: float [N, W]");
        if (input is not null && model.Inputs.Where(other => other.Name != input && other.Name != options.Mask && other.Name != options.TokenTypes).ToList() is { Count: > 0 } others)
            Wrong($"its inputs {Described(others)} are given nothing. For ids there are Mask = \"…\" and TokenTypes = \"…\"; export it without others.");
        return isRight ? (input!, options.Mask, options.TokenTypes, output!) : null;

        string? Choose(string name, string? given, List<OnnxValue> fitting, IReadOnlyList<OnnxValue> all, string what)
        {
            if (given is not null ? fitting.Any(value => value.Name == given) : fitting.Count == 1)
                return given ?? fitting[0].Name;
            Wrong($"{(given is null ? $"{(fitting.Count == 0 ? "none" : "more than one")} of its {name.ToLowerInvariant()}s" : $"'{given}' is not one of its {name.ToLowerInvariant()}s that")} take or give {what}. "
                + $"It has {Described(all)}. Name one: {name} = \"…\".");
            return null;
        }

        void Wrong(string what)
        {
            Error($"The encoder '{path}' does not fit: {what}");
            isRight = false;
        }

        bool Takes(OnnxValue value) => kind switch
        {
            TensorKind.Text => value.Type == OnnxType.String && value.Shape is [_] or [_, 1 or null] && value.Type == OnnxType.String,
            TensorKind.TokenIds => value.Type is OnnxType.Int64 or OnnxType.Int32 && value.Shape.Count == 2,
            _ => value.Type is OnnxType.Float or OnnxType.Double && value.Shape.Count == 2,
        };

        bool Gives(OnnxValue value) => value.Type is OnnxType.Float or OnnxType.Double && (value.Shape.Count == 2 || (kind == TensorKind.TokenIds && value.Shape.Count == 3));
    }

    static string Described(IEnumerable<OnnxValue> values) =>
        string.Join(", ", values.Select(value => $"'{value.Name}' ({value.Type.ToString().ToLowerInvariant()} [{string.Join(", ", value.Shape.Select(size => size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "·"))}])"));
}
