using Google.Protobuf;
using Gyre.Onnx;
using Gyre.Transforms;
using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

/// <summary>Small models in place of the pretrained ones that people bring along.</summary>
public sealed class EncoderTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("gyre-encoders").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string Save(string name, OnnxGraph graph, Action<ModelProto>? change = null)
    {
        var model = ModelProto.Parser.ParseFrom(graph.ToBytes());
        change?.Invoke(model);
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    /// <summary>A sentence encoder with its tokenizer: the vectors (1, 10) of «good», (−1, 20) of «bad», (0, 1) of any other word, added up.</summary>
    string OfTexts(int rank = 1, double scale = 1)
    {
        var graph = new OnnxGraph();
        graph.Input("text", OnnxType.String, rank == 1 ? [null] : [null, 1]);
        var flat = rank == 1 ? "text" : graph.Node("Reshape", ["text", graph.Constant([-1L])]);
        var tokens = graph.Node(OnnxGraph.Microsoft, "Tokenizer", [flat], 1, ("mark", 0L), ("mincharnum", 1L), ("pad_value", ""), ("tokenexp", "[a-z]+"))[0];
        var ids = graph.Node(OnnxGraph.Ml, "LabelEncoder", [tokens], 1, ("keys_strings", new[] { "good", "bad", "" }), ("values_int64s", new[] { 0L, 1, 3 }), ("default_int64", 2L))[0];
        var table = graph.Constant([1f, 10, -1, 20, 0, 1, 0, 0], 4, 2);
        var sum = graph.Node("ReduceSum", [graph.Node("Gather", [table, ids]), graph.Constant([1L])], ("keepdims", 0L));
        graph.Output("vector", graph.Node("Mul", [sum, graph.Scalar((float)scale)]), OnnxType.Float, null, 2);
        return Save($"texts-{rank}-{scale}.onnx", graph);
    }

    /// <summary>An encoder of ids and their mask: for each token its id and twice its id, [N, T, 2].</summary>
    string OfIds(Action<ModelProto>? change = null)
    {
        var graph = new OnnxGraph();
        graph.Input("input_ids", OnnxType.Int64, null, null);
        graph.Input("attention_mask", OnnxType.Int64, null, null);
        var masked = graph.Cast(graph.Node("Mul", ["input_ids", "attention_mask"]), OnnxType.Float);
        var column = graph.Node("Unsqueeze", [masked, graph.Constant([2L])]);
        graph.Output("hidden", graph.Node("Mul", [column, graph.Constant([1f, 2], 1, 1, 2)]), OnnxType.Float, null, null, 2);
        return Save("ids.onnx", graph, change);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_sentence_encoder_becomes_part_of_the_graph(int rank)
    {
        var path = OfTexts(rank);
        var batch = Batch(new[] { "good bad", "a good, good one", null, "ugly" });
        using var run = await FitAsync(f => f.Output("x", f.Text("c").Lower().Encode(path)), batch);

        run.Features.ShouldBe([new FeatureSpec("x", FeatureKind.Number, 2)]);
        run.Numbers("x", batch).ShouldBe([0, 30, 2, 22, 0, 0, 0, 1]);
    }

    [Fact]
    public async Task An_encoder_of_ids_is_given_a_mask_and_averaged_without_padding()
    {
        var path = OfIds();
        var batch = Batch(new[] { "a b c", "c", null });
        using var run = await FitAsync(
            f => f.Output("x", f.Text("c").Words().HashBuckets(1000).Encode(path, new EncoderOptions { Input = "input_ids", Mask = "attention_mask", PadId = 7 })), batch);
        var ids = await TokensAsync(f => f.Text("c").Words().HashBuckets(1000), "a b c", "c", null);

        run.Numbers("x", batch).ShouldBe([.. ids.SelectMany(row => new[] { row.DefaultIfEmpty().Average(), 2 * row.DefaultIfEmpty().Average() }).Select(x => (float)x)]);
    }

    [Fact]
    public async Task Vectors_are_encoded_too_and_what_is_encoded_can_be_reduced()
    {
        var graph = new OnnxGraph();
        graph.Input("x", OnnxType.Float, null, 2);
        graph.Output("y", graph.Node("MatMul", ["x", graph.Constant([1f, 2, 3, 4, 5, 6], 2, 3)]), OnnxType.Float, null, 3);
        var path = Save("numbers.onnx", graph);
        var batch = Batch(new double[] { 1, 2, 5 });
        using var run = await FitAsync(
            f =>
            {
                var encoded = f.Vector(f.Number("c").FillMissing(0), f.Number("c").IsMissing()).Encode(path);
                f.Output("x", encoded);
                f.Output("reduced", encoded.Pca(1));
            },
            batch);

        run.Numbers("x", batch).ShouldBe([1, 2, 3, 2, 4, 6, 5, 10, 15]);
        run.Features[0].Size.ShouldBe(1);
    }

    [Fact]
    public async Task The_same_encoder_can_stand_in_a_graph_twice()
    {
        var path = OfTexts();
        var batch = Batch(("a", new[] { "good" }), ("b", new[] { "bad" }));
        using var run = await FitAsync(
            f =>
            {
                f.Output("a", f.Text("a").Encode(path));
                f.Output("b", f.Text("b").Encode(path));
            },
            batch);

        run.Numbers("a", batch).ShouldBe([1, 10]);
        run.Numbers("b", batch).ShouldBe([-1, 20]);
    }

    [Fact]
    public void What_an_encoder_holds_is_part_of_the_definition_and_where_it_lies_is_not()
    {
        var (one, other) = (OfTexts(), OfTexts(scale: 2));
        var moved = Path.Combine(_folder, "moved.onnx");
        File.Copy(one, moved);

        Written(moved).ShouldBe(Written(one));
        Written(other).ShouldNotBe(Written(one));
        Written(one).ShouldContain(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(one))));
        Define(f => f.Output("x", f.Text("c").Encode(one))).EncoderFiles.ShouldBe([one]);

        string Written(string path) => Define(f => f.Output("x", f.Text("c").Encode(path))).ToParameter().ToJsonString();
    }

    [Fact]
    public async Task Models_of_older_versions_are_written_anew_where_only_the_form_changed()
    {
        // ReduceMean took its axes as an attribute before version 18.
        var graph = new OnnxGraph();
        graph.Input("x", OnnxType.Float, null, 3);
        graph.Output("y", graph.Node("ReduceMean", ["x"], ("axes", new[] { 1L }), ("keepdims", 1L)), OnnxType.Float, null, 1);
        var path = Save("old.onnx", graph, model => model.OpsetImport.First(opset => opset.Domain.Length == 0).Version = 13);
        var batch = Batch(new double[] { 3 });
        using var run = await FitAsync(
            f => f.Output("x", f.Vector(f.Number("c").FillMissing(0), (f.Number("c") > 0).FillMissing(0), f.Number("c").IsMissing()).Encode(path)), batch);

        run.Numbers("x", batch)[0].ShouldBe((3f + 1 + 0) / 3);
    }

    [Fact]
    public void Mistakes_are_named_with_their_line()
    {
        var missing = Path.Combine(_folder, "none.onnx");
        var garbage = Path.Combine(_folder, "garbage.onnx");
        File.WriteAllText(garbage, "this is no model at all");
        var old = OfIds(model => model.OpsetImport.First(opset => opset.Domain.Length == 0).Version = 11);

        Error(f => f.Text("c").Encode(missing)).ShouldContain("cannot be used: Could not find file");
        Error(f => f.Text("c").Encode(garbage)).ShouldContain("is no ONNX model");
        Error(f => f.Text("c").Words().HashBuckets(9).Encode(old)).ShouldContain("it uses version 11 of the operators ''. Export it with a version from 13 to 21.");
        Error(f => f.Text("c").Encode(OfIds())).ShouldContain("take or give texts: string [N] or [N, 1]. It has 'input_ids' (int64 [·, ·])");
        Error(f => f.Text("c").Words().HashBuckets(9).Encode(OfIds(), new EncoderOptions { Input = "input_ids" })).ShouldContain("its inputs 'attention_mask' (int64 [·, ·]) are given nothing");
        Error(f => f.Text("c").Encode(OfTexts(), new EncoderOptions { Output = "nothing" })).ShouldContain("'nothing' is not one of its outputs that");

        string Error(Func<FeatureBuilder, VectorValue> value)
        {
            var errors = Define(f => f.Output("x", value(f))).Errors;
            errors[0].ShouldStartWith("EncoderTests.cs:");
            return errors[0];
        }
    }
}
