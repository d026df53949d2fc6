using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Tests.Onnx;

public sealed class ModelSignatureTests : IDisposable
{
    readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_signature_is_what_was_written()
    {
        var graph = new OnnxGraph();
        graph.Input("words", OnnxType.String, null, 1);
        graph.Input("count", OnnxType.Double, null, 1);
        graph.Node(OnnxGraph.Microsoft, "MurmurHash3", ["words"], 1);

        ModelSignature.Of(graph, new LabelSpec("disputed", ["Yes", "1"])).Save(_path);

        File.ReadAllText(_path).ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal).ShouldBe(
            """
            {"format":1,"task":"binary","inputs":[{"name":"count","type":"number"},{"name":"words","type":"text"}],
            """.TrimEnd()
            + """
            "outputs":[{"name":"probability","type":"float"}],"label":{"column":"disputed","positive":["Yes","1"]},"operators":["com.microsoft.MurmurHash3"]}
            """);
        var signature = ModelSignature.Load(_path);
        signature.Inputs.ShouldBe([new SignatureInput("count", "number"), new SignatureInput("words", "text")]);
        signature.Inputs.Select(input => input.IsText).ShouldBe([false, true]);
        signature.Label.Positive.ShouldBe(["Yes", "1"]);
        signature.Operators.ShouldBe(["com.microsoft.MurmurHash3"]);
    }

    [Theory]
    [InlineData("", "is no model signature")]
    [InlineData("{}", "is no model signature")]
    [InlineData("null", "holds 'null'")]
    [InlineData("""{"format":2,"inputs":[],"label":{"column":"y","positive":["1"]},"operators":[]}""", "has format 2. Expected 1")]
    public void Anything_else_is_refused(string content, string expected)
    {
        File.WriteAllText(_path, content);

        Should.Throw<InvalidDataException>(() => ModelSignature.Load(_path)).Message.ShouldContain(expected);
    }
}
