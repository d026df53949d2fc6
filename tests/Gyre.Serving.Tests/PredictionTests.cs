using System.Net;
using System.Text;
using System.Text.Json;
using Gyre.Tests;
using Gyre.Tests.Onnx;

namespace Gyre.Serving.Tests;

public sealed class PredictionTests : IAsyncLifetime
{
    RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync(directory =>
    {
        RunningServer.Push(directory, 1, 1f);
        RunningServer.Push(directory, 2, 2f);
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Rows_are_answered_in_order_by_the_highest_version()
    {
        var (predictions, version) = await _server.PredictAsync("""{"instances": [{"amount": 1.5, "kind": "special"}, {"kind": "plain", "amount": -1}]}""");

        version.ShouldBe("2");
        Near(predictions, SmallModel.Predict(2, 0, 1.5, "special"), SmallModel.Predict(2, 0, -1, "plain"));
    }

    [Fact]
    public async Task Columns_are_answered_as_outputs()
    {
        var (status, answer) = await _server.AskAsync("/v1/models/small:predict", """{"inputs": {"kind": ["special", "plain"], "amount": [1.5, -1]}}""");

        status.ShouldBe(HttpStatusCode.OK);
        Near([.. answer.RootElement.GetProperty("outputs").EnumerateArray().Select(value => value.GetSingle())], SmallModel.Predict(2, 0, 1.5, "special"), SmallModel.Predict(2, 0, -1, "plain"));
        answer.RootElement.GetProperty("model_spec").ToString().ShouldBe("""{"name":"small","version":"2"}""");
    }

    [Fact]
    public async Task A_version_can_be_asked_for()
    {
        var (predictions, version) = await _server.PredictAsync("""{"instances": [{"amount": 1}]}""", "/v1/models/small/versions/1:predict");

        version.ShouldBe("1");
        Near(predictions, SmallModel.Predict(1, 0, 1, null));
    }

    [Theory]
    [InlineData("""{"instances": [{}]}""")]
    [InlineData("""{"instances": [{"amount": null, "kind": null}]}""")]
    [InlineData("""{"instances": [{"amount": NaN, "kind": ""}]}""")]
    [InlineData("""{"inputs": {"kind": [null]}}""")]
    [InlineData("""{"inputs": {"amount": null}}""")]
    public async Task Null_NaN_the_empty_text_and_a_column_left_out_mean_missing(string body) =>
        Near((await _server.PredictAsync(body)).Predictions, SmallModel.Predict(2, 0, double.NaN, null));

    [Theory]
    [InlineData("""{"instances": [{"amount": [1.5], "kind": ["special"]}]}""")]
    [InlineData("""{"instances": [{"amount": 15e-1, "kind": {"b64": "c3BlY2lhbA=="}}]}""")]
    [InlineData("""{"signature_name": "serving_default", "instances": [{"amount": 1.5, "kind": "special"}]}""")]
    [InlineData("""{"instances": [{"amount": 1.5, "kind": "special"}], "parameters": {"a": [1, {"b": 2}]}}""")]
    [InlineData("\uFEFF{\"instances\": [{\"amount\": 1.5, \"kind\": \"special\"}]}")]
    [InlineData("""{"inputs": {"amount": 1.5, "kind": "special"}}""")]
    [InlineData("""{"inputs": {"amount": [[1.5]], "kind": [["special"]]}}""")]
    [InlineData("""{"inst\u0061nces": [{"\u0061mount": 1.5, "kind": "speci\u0061l"}]}""")]
    public async Task Forms_that_other_servers_take_are_taken(string body) =>
        Near((await _server.PredictAsync(body)).Predictions, SmallModel.Predict(2, 0, 1.5, "special"));

    [Fact]
    public async Task A_whole_number_may_have_more_digits_than_a_double() =>
        Near((await _server.PredictAsync("""{"instances": [{"amount": -12345678901234567890123456789}]}""")).Predictions, 0);

    [Fact]
    public async Task No_rows_have_no_predictions() =>
        (await _server.PredictAsync("""{"instances": []}""")).Predictions.ShouldBeEmpty();

    [Fact]
    public async Task A_missing_value_in_one_row_does_not_move_those_of_others() =>
        Near(
            (await _server.PredictAsync("""{"instances": [{"kind": "special"}, {"amount": 2}, {}, {"amount": 3, "kind": "special"}]}""")).Predictions,
            SmallModel.Predict(2, 0, double.NaN, "special"), SmallModel.Predict(2, 0, 2, null), SmallModel.Predict(2, 0, double.NaN, null), SmallModel.Predict(2, 0, 3, "special"));

    [Fact]
    public async Task Letter_case_counts_in_the_models_name_only()
    {
        (await _server.AskAsync("/V1/Models/small:Predict", """{"instances": []}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await _server.AskAsync("/v1/models/SMALL:predict", """{"instances": []}""")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Texts_that_are_hard_to_carry_arrive_whole()
    {
        var kinds = new[] { "spe\0cial", "special ", "ſpecial", "😀", "\u2028", "\"\\" };
        var body = JsonSerializer.Serialize(new { instances = kinds.Append("special").Select(kind => new { kind }) });

        var (predictions, _) = await _server.PredictAsync(body);

        Near(predictions, [.. kinds.Select(_ => 0.5f), SmallModel.Predict(2, 0, double.NaN, "special")]);
    }

    [Fact]
    public async Task A_body_without_a_length_is_read_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/models/small:predict")
        {
            Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes("""{"instances": [{"amount": 1}]}"""))),
        };
        request.Headers.TransferEncodingChunked = true;

        (await _server.AskAsync(request)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Status_and_metadata_have_the_shapes_of_tensorflow_serving()
    {
        var (_, status) = await _server.AskAsync("/v1/models/small");
        Compact(status).ShouldBe("""{"model_version_status":[{"version":"2","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}},{"version":"1","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}}]}""");
        var (_, one) = await _server.AskAsync("/v1/models/small/versions/1");
        Compact(one).ShouldBe("""{"model_version_status":[{"version":"1","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}}]}""");

        var (_, metadata) = await _server.AskAsync("/v1/models/small/versions/1/metadata");
        Compact(metadata).ShouldBe(Compact(JsonDocument.Parse("""
            {"model_spec": {"name": "small", "signature_name": "", "version": "1"},
             "metadata": {"signature_def": {"signature_def": {"serving_default": {
               "inputs": {
                 "amount": {"dtype": "DT_DOUBLE", "tensor_shape": {"dim": [{"size": "-1", "name": ""}, {"size": "1", "name": ""}], "unknown_rank": false}, "name": "amount"},
                 "kind": {"dtype": "DT_STRING", "tensor_shape": {"dim": [{"size": "-1", "name": ""}, {"size": "1", "name": ""}], "unknown_rank": false}, "name": "kind"}},
               "outputs": {
                 "probability": {"dtype": "DT_FLOAT", "tensor_shape": {"dim": [{"size": "-1", "name": ""}], "unknown_rank": false}, "name": "probability"}},
               "method_name": "tensorflow/serving/predict", "defaults": {}}}}}}
            """)));
    }

    [Fact]
    public async Task Metadata_has_every_property_that_tensorflow_serving_writes_in_its_order()
    {
        using var golden = JsonDocument.Parse(await File.ReadAllTextAsync(SharedData.File("conformance/serving/half_plus_two_model_metadata.json"), TestContext.Current.CancellationToken));

        var (_, ours) = await _server.AskAsync("/v1/models/small/metadata");

        Shape(ours.RootElement).ShouldBe(Shape(golden.RootElement));

        // The golden file describes other signatures too, and tensors of its own names.
        static string Shape(JsonElement element, string? name = null) => element.ValueKind switch
        {
            JsonValueKind.Object when name is "signature_def" && element.TryGetProperty("serving_default", out var signature) => $"{{serving_default:{Shape(signature)}}}",
            JsonValueKind.Object when name is "inputs" or "outputs" => Shape(element.EnumerateObject().First().Value),
            JsonValueKind.Object => $"{{{string.Join(',', element.EnumerateObject().Select(property => $"{property.Name}:{Shape(property.Value, property.Name)}"))}}}",
            JsonValueKind.Array => $"[{Shape(element[0])}]",
            _ => element.ValueKind.ToString(),
        };
    }

    [Fact]
    public async Task Health_is_told_where_it_is_looked_for()
    {
        foreach (var (path, body) in new[] { ("/healthz", """{"ready":true}"""), ("/v2/health/ready", """{"ready":true}"""), ("/v2/health/live", """{"live":true}""") })
        {
            var (status, answer) = await _server.AskAsync(path);
            status.ShouldBe(HttpStatusCode.OK);
            Compact(answer).ShouldBe(body);
        }
    }

    [Fact]
    public async Task Many_clients_at_once_each_get_their_own_answer()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async client =>
        {
            for (var i = 0; i < 40; i++)
            {
                var amount = (client - 8) / 4.0;
                var (predictions, _) = await _server.PredictAsync(JsonSerializer.Serialize(new { instances = Enumerable.Repeat(new { amount }, 1 + (i % 7)) }));
                Near(predictions, [.. Enumerable.Repeat(SmallModel.Predict(2, 0, amount, null), 1 + (i % 7))]);
            }
        }));
    }

    [Fact]
    public async Task Rows_and_columns_give_the_same_predictions() => await Gen.Select(Gen.Double[-3, 3], Gen.Int[0, 2].Select(i => new[] { null, "special", "plain" }[i])).Array[1, 20].SampleAsync(
        async rows =>
        {
            var byRow = JsonSerializer.Serialize(new { instances = rows.Select(row => new { amount = row.Item1, kind = row.Item2 }) });
            var byColumn = JsonSerializer.Serialize(new { inputs = new { amount = rows.Select(row => row.Item1), kind = rows.Select(row => row.Item2) } });
            var (first, _) = await _server.PredictAsync(byRow);
            (await _server.PredictAsync(byColumn)).Predictions.ShouldBe(first);
            Near(first, [.. rows.Select(row => SmallModel.Predict(2, 0, row.Item1, row.Item2))]);
        },
        iter: 50, threads: 2);

    [Fact]
    public async Task A_model_with_one_column_takes_bare_values()
    {
        await using var server = await RunningServer.StartAsync(directory => OneColumn.Push(directory));

        foreach (var body in new[]
        {
            """{"instances": ["special", null, "plain"]}""",
            """{"instances": [["special"], {}, {"kind": "plain"}]}""",
            """{"instances": [{"b64": "c3BlY2lhbA=="}, {"kind": ""}, {"kind": {"b64": ""}}]}""",
            """{"inputs": ["special", "", "plain"]}""",
            """{"inputs": {"kind": ["special", "", "plain"]}}""",
        })
        {
            (await server.PredictAsync(body)).Predictions.ShouldBe([1f, 0f, 0f], body);
        }

        (await server.PredictAsync("""{"inputs": "special"}""")).Predictions.ShouldBe([1f]);
    }

    static void Near(float[] actual, params float[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < expected.Length; i++)
            actual[i].ShouldBe(expected[i], 1e-6f);
    }

    static string Compact(JsonDocument document) => JsonSerializer.Serialize(document.RootElement);
}
