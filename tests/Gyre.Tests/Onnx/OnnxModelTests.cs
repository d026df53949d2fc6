using System.Diagnostics;
using System.Runtime.InteropServices;
using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Tests.Onnx;

public sealed class OnnxModelTests
{
    [Fact]
    public void Results_come_in_the_order_of_the_examples_however_long_their_texts()
    {
        using var model = new OnnxModel(Lengths());
        var texts = Enumerable.Range(0, 5000).Select(i => i % 7 == 0 ? null : new string('x', i * 7919 % 900)).ToArray();

        model.Predict(Texts(texts)).ShouldBe(texts.Select(text => (float)(text?.Length ?? 0)).ToArray());
    }

    [Fact]
    public async Task Many_threads_may_run_a_model_at_once()
    {
        using var model = new OnnxModel(Lengths());
        var texts = Enumerable.Range(0, 300).Select(i => (string?)new string('x', i)).ToArray();
        var runs = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => model.Predict(Texts(texts)))));

        runs.ShouldAllBe(run => run.SequenceEqual(texts.Select(text => (float)text!.Length)));
    }

    [Fact]
    public void One_huge_text_among_many_does_not_make_all_of_them_huge()
    {
        using var model = new OnnxModel(Lengths());
        var texts = Enumerable.Range(0, 500).Select(i => (string?)(i == 250 ? new string('x', 300_000) : "short")).ToArray();
        var before = Process.GetCurrentProcess().PeakWorkingSet64;

        model.Predict(Texts(texts))[250].ShouldBe(300_000);

        // Padded to the longest, 500 × 300,000 tokens of 32 bytes would take 4.8 GB.
        (Process.GetCurrentProcess().PeakWorkingSet64 - before).ShouldBeLessThan(500_000_000);
    }

    [Fact]
    public void No_examples_give_no_predictions()
    {
        using var model = new OnnxModel(Lengths());

        model.Predict(Texts([])).ShouldBeEmpty();
    }

    [Fact]
    public void A_missing_column_is_named()
    {
        using var model = new OnnxModel(Lengths());
        var batch = new ExampleBatch(1, new Dictionary<string, Array>(StringComparer.Ordinal) { ["other"] = new[] { "a" } });

        Should.Throw<KeyNotFoundException>(() => model.Predict(batch)).Message.ShouldContain("no column 'text' among other");
    }

    [Fact]
    public void What_fails_while_running_is_told_with_the_node()
    {
        var graph = new OnnxGraph();
        graph.Input("text", OnnxType.String, null, 1);
        graph.Output("probability", graph.Cast("text", OnnxType.Float), OnnxType.Float, null, 1);
        using var model = new OnnxModel(graph);

        Should.Throw<InvalidOperationException>(() => model.Predict(Texts(["no number"]))).Message.ShouldContain("/Cast");
    }

    [Fact]
    public void The_runtime_is_forbidden_to_record_usage()
    {
        using var model = new OnnxModel(Lengths());

        // Only the native environment counts; .NET's own copy of it proves nothing.
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: libc only");
        Marshal.PtrToStringUTF8(GetVariable("ORT_DISABLE_TELEMETRY")).ShouldBe("1");
    }

    [DllImport("libc", EntryPoint = "getenv")]
    static extern nint GetVariable([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    /// <summary>The number of characters of each text.</summary>
    static OnnxGraph Lengths()
    {
        var graph = new OnnxGraph();
        graph.Input("text", OnnxType.String, null, 1);
        var flat = graph.Node("Reshape", ["text", graph.Constant([-1L])]);
        var characters = graph.Node(
            OnnxGraph.Microsoft, "Tokenizer", [flat], 1, ("mark", 0L), ("mincharnum", 1L), ("pad_value", ""), ("tokenexp", "."))[0];
        var present = graph.Cast(graph.Node("Not", [graph.Node("Equal", [characters, graph.Scalar("")])]), OnnxType.Float);
        graph.Output("probability", graph.Node("ReduceSum", [present, graph.Constant([1L])], ("keepdims", 0L)), OnnxType.Float, [null]);
        return graph;
    }

    static ExampleBatch Texts(string?[] texts) => new(texts.Length, new Dictionary<string, Array>(StringComparer.Ordinal) { ["text"] = texts });
}
