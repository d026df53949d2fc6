using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Gyre.Serving.Tests;

public sealed class BadRequestTests : IClassFixture<BadRequestTests.Server>
{
    const string Predict = "/v1/models/small:predict";

    readonly RunningServer _server;

    public BadRequestTests(Server fixture) => _server = fixture.Running;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    // JSON
    [InlineData("", "The body is empty", "\"instances\": [{\"amount\": 1.5, \"kind\": \"text\"}]")]
    [InlineData("  \n", "The body is empty")]
    [InlineData("hello", "no JSON from line 1, byte 1")]
    [InlineData("{\"instances\": [\n{\"amount\": 1,}]}", "no JSON from line 2, byte 14")]
    [InlineData("""{"instances": [{"amount": 1}]""", "no JSON from line 1")]
    [InlineData("""{"instances": []} {}""", "no JSON from line 1, byte 19")]
    [InlineData("""{"instances": [{"amount": 01}]}""", "no JSON")]
    [InlineData("""{"instances": [{"amount": nan}]}""", "no JSON")]
    [InlineData("""{"other": [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]], "instances": []}""", "no JSON", "depth of 16")]
    // Shape
    [InlineData("[1]", "The body is a list", "Expected an object")]
    [InlineData("{}", "The body is an object without properties", "'instances' or 'inputs'")]
    [InlineData("""{"instance": []}""", "The body has 'instance'", "Expected 'instances' or 'inputs'")]
    [InlineData("""{"instances": [], "inputs": {}}""", "'instances' and also 'inputs'")]
    [InlineData("""{"instances": [], "instances": []}""", "'instances' and again 'instances'")]
    [InlineData("""{"instances": {"amount": 1}}""", "'instances' is an object", "Expected a list of rows")]
    [InlineData("""{"instances": [{}, 5]}""", "Row 2 (instances[1]) is the number 5", "amount, kind")]
    [InlineData("""{"instances": [null]}""", "Row 1 (instances[0]) is null")]
    [InlineData("""{"inputs": [1]}""", "'inputs' is a list", "amount, kind")]
    [InlineData("""{"inputs": {}}""", "'inputs' has no columns")]
    [InlineData("""{"inputs": {"amount": [1, 2], "kind": ["a"]}}""", "'kind' has 1 values and 'amount' 2")]
    [InlineData("""{"signature_name": "other", "instances": []}""", "'signature_name' is the text \"other\"", "serving_default")]
    [InlineData("""{"signature_name": 1, "instances": []}""", "'signature_name' is the number 1")]
    // Columns
    [InlineData("""{"instances": [{}, {"amuont": 1}]}""", "Row 2 (instances[1]) has a column 'amuont'", "amount, kind")]
    [InlineData("""{"inputs": {"amuont": [1]}}""", "'inputs' has a column 'amuont'", "amount, kind")]
    [InlineData("""{"instances": [{"amount": 1, "amount": 2}]}""", "'amount' twice")]
    [InlineData("""{"inputs": {"amount": [1], "amount": [1]}}""", "'amount' twice")]
    // Values
    [InlineData("""{"instances": [{"amount": "12"}]}""", "Row 1, column 'amount' (instances[0].amount): found the text \"12\". Expected a number", "without quotation marks")]
    [InlineData("""{"inputs": {"amount": [1, "x"]}}""", "Row 2, column 'amount' (inputs.amount[1]): found the text \"x\"")]
    [InlineData("""{"instances": [{"amount": true}]}""", "found the truth value true")]
    [InlineData("""{"instances": [{"amount": {"a": 1}}]}""", "found an object. Expected a number")]
    [InlineData("""{"instances": [{"amount": [1, 2]}]}""", "found a list of several values")]
    [InlineData("""{"instances": [{"amount": []}]}""", "found an empty list")]
    [InlineData("""{"instances": [{"amount": [[1]]}]}""", "found a list. Expected a number")]
    [InlineData("""{"instances": [{"amount": 1e999}]}""", "too large for double precision")]
    [InlineData("""{"instances": [{"amount": Infinity}]}""", "a number that is infinite")]
    [InlineData("""{"instances": [{"amount": NaN}, {"amount": -Infinity}]}""", "Row 2, column 'amount'", "infinite")]
    [InlineData("""{"instances": [{"kind": 501}]}""", "Row 1, column 'kind'", "found the number 501. Expected a text", "in quotation marks")]
    [InlineData("""{"instances": [{"kind": false}]}""", "found the truth value false. Expected a text")]
    [InlineData("""{"instances": [{"kind": {"b65": "eA=="}}]}""", "found an object. Expected a text, or an object {\"b64\": …}")]
    [InlineData("""{"instances": [{"kind": {"b64": "%%"}}]}""", "b64 is the text \"%%\"")]
    [InlineData("""{"instances": [{"kind": {"b64": "/w=="}}]}""", "no valid UTF-8")]
    [InlineData("""{"instances": [{"kind": {"b64": "eA==", "c": 1}}]}""", "more than b64")]
    [InlineData("""{"instances": [{"kind": "\ud800"}]}""", "half of a surrogate pair")]
    [InlineData("""{"instances": [{"\ud800": 1}]}""", "A name in the body is no valid UTF-8")]
    [InlineData("""{"instances": [{"kind": "12345678901"}]}""", "found a text of 11 characters. Expected at most 10")]
    [InlineData("""{"instances": [{}, {}, {}, {}, {}, {}]}""", "more than 5 rows")]
    [InlineData("""{"inputs": {"amount": [1, 2, 3, 4, 5, 6]}}""", "more than 5 rows")]
    public async Task A_body_that_cannot_be_read_is_answered_400_with_what_where_and_expected(string body, params string[] fragments) =>
        await ExpectAsync(HttpStatusCode.BadRequest, new HttpRequestMessage(HttpMethod.Post, Predict) { Content = new StringContent(body, Encoding.UTF8, "application/json") }, fragments);

    [Theory]
    [InlineData("GET", "/v1/models/small:predict", 400, "Malformed request: GET /v1/models/small:predict")]
    [InlineData("POST", "/v1/models/small", 400, "Malformed request: POST")]
    [InlineData("DELETE", "/v1/models/small", 400, "Malformed request: DELETE")]
    [InlineData("GET", "/v1/models", 400, "Malformed request")]
    [InlineData("GET", "/v1/", 400, "Malformed request")]
    [InlineData("GET", "/v1/models/", 400, "Missing model name")]
    [InlineData("POST", "/v1/models/:predict", 400, "Missing model name")]
    [InlineData("POST", "/v1/models/small:explain", 400, "Malformed request")]
    [InlineData("POST", "/v1/models/small/versions/1/extra:predict", 400, "Malformed request")]
    [InlineData("POST", "/v1/models/small/versions/one:predict", 400, "The version is 'one'")]
    [InlineData("POST", "/v1/models/small/versions/99999999999999999999:predict", 400, "whole number")]
    [InlineData("GET", "/v1/models/small/versions/-1", 400, "The version is '-1'")]
    [InlineData("GET", "/v1/models/..%2F..%2Fetc", 400, "The model's name is")]
    [InlineData("POST", "/v1/models/small:classify", 501, "':classify' is not served")]
    [InlineData("GET", "/v1/models/small/labels/stable", 501, "Labels such as 'stable' are not served")]
    [InlineData("GET", "/v1/models/half", 404, "Servable not found for request: Latest(half)", "Models here: small")]
    [InlineData("POST", "/v1/models/half:predict", 404, "Servable not found for request: Latest(half)")]
    [InlineData("GET", "/v1/models/small/versions/7", 404, "Specific(small, 7)", "Versions loaded: 1")]
    [InlineData("POST", "/v1/models/small/versions/7:predict", 404, "Specific(small, 7)")]
    [InlineData("GET", "/v1/models/small/versions/7/metadata", 404, "Specific(small, 7)")]
    [InlineData("GET", "/", 404, "There is nothing at /", "/v1/models/NAME")]
    [InlineData("GET", "/v2/models/small", 404, "There is nothing at /v2/models/small")]
    public async Task A_path_that_leads_nowhere_is_answered_as_tensorflow_serving_does(string method, string path, int status, params string[] fragments) =>
        await ExpectAsync((HttpStatusCode)status, new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? new StringContent("""{"instances": []}""") : null }, fragments);

    [Fact]
    public async Task A_body_that_is_no_utf8_is_refused_where_it_stands()
    {
        var body = """{"instances": [{"kind": "X"}]}"""u8.ToArray();
        body[Array.IndexOf(body, (byte)'X')] = 0xFF;

        await ExpectAsync(HttpStatusCode.BadRequest, new HttpRequestMessage(HttpMethod.Post, Predict) { Content = new ByteArrayContent(body) }, "Row 1, column 'kind'", "no valid UTF-8");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_is_too_large_is_answered_413(bool chunked)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Predict) { Content = new ByteArrayContent(new byte[3000]) };
        request.Headers.TransferEncodingChunked = chunked;

        await ExpectAsync(HttpStatusCode.RequestEntityTooLarge, request, chunked ? "" : "larger than 2000 bytes");
    }

    [Fact]
    public async Task A_packed_body_is_answered_415()
    {
        var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.ContentEncoding.Add("gzip");

        await ExpectAsync(HttpStatusCode.UnsupportedMediaType, new HttpRequestMessage(HttpMethod.Post, Predict) { Content = content }, "gzip", "Send it unpacked");
    }

    [Fact]
    public async Task A_bad_request_leaves_the_server_well()
    {
        await ExpectAsync(HttpStatusCode.BadRequest, new HttpRequestMessage(HttpMethod.Post, Predict) { Content = new StringContent("}") }, "no JSON");

        (await _server.PredictAsync("""{"instances": [{"amount": 1}]}""")).Predictions.Length.ShouldBe(1);
        _server.Log.Lines.ShouldAllBe(line => !line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_value_is_quoted_in_part_only()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Predict) { Content = new StringContent($$"""{"instances": [{"amount": "{{new string('x', 500)}}"}]}""") };
        var (_, answer) = await _server.AskAsync(request);

        answer.RootElement.GetProperty("error").GetString()!.Length.ShouldBeLessThan(250);
    }

    async Task ExpectAsync(HttpStatusCode status, HttpRequestMessage request, params string[] fragments)
    {
        using (request)
        {
            using var answer = await _server.Client.SendAsync(request, Cancel);
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            answer.StatusCode.ShouldBe(status, text);
            answer.Content.Headers.ContentType.ShouldBe(new MediaTypeHeaderValue("application/json"));
            using var body = System.Text.Json.JsonDocument.Parse(text);
            body.RootElement.EnumerateObject().Select(property => property.Name).ShouldBe(["error"]);
            var message = body.RootElement.GetProperty("error").GetString()!;
            foreach (var fragment in fragments)
                message.ShouldContain(fragment, Case.Sensitive);
        }
    }

    public sealed class Server : IAsyncLifetime
    {
        internal RunningServer Running { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Running = await RunningServer.StartAsync(configure: options => options with { MaxRows = 5, MaxTextLength = 10, MaxBodyBytes = 2000 });

        public ValueTask DisposeAsync() => Running.DisposeAsync();
    }
}
