using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gyre.Cli.Terminal;

/// <summary>Everything that a verb says goes through here, so that <c>--json</c>, <c>--quiet</c> and colours are kept in one place.</summary>
sealed class Screen
{
    const int DefaultWidth = 100;

    readonly Streams _streams;
    readonly bool _color;
    readonly bool _errorColor;

    public Screen(Streams streams, bool json, bool quiet, bool noColor, bool verbose)
    {
        _streams = streams;
        var colorless = noColor || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") == "dumb";
        _color = !colorless && streams.IsTerminal;
        _errorColor = !colorless && streams.ErrorIsTerminal;
        IsJson = json;
        IsQuiet = quiet;
        IsVerbose = verbose;
    }

    public static JsonSerializerOptions JsonOptions { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>For pieces of JSON within a line.</summary>
    public static JsonSerializerOptions CompactJson { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Output is one JSON document.</summary>
    public bool IsJson { get; }

    public bool IsQuiet { get; }

    public bool IsVerbose { get; }

    /// <summary>Whether a display that moves makes sense.</summary>
    public bool IsLive => _streams.IsTerminal && !IsJson && !IsQuiet && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public bool HasColor => _color;

    /// <summary>Columns available; null when output is not read on a terminal and lines may be of any length.</summary>
    public int? Width => _streams.Width ?? (_streams.IsTerminal ? WindowWidth() : null);

    public TextWriter Output => _streams.Output;

    public TextWriter Error => _streams.Error;

    public string Paint(string text, Tone tone) => _color ? Ink.Paint(text, tone) : text;

    /// <summary>A line of the result; not with <c>--json</c>.</summary>
    public void Line(string text = "")
    {
        if (!IsJson)
            _streams.Output.WriteLine(text);
    }

    /// <summary>A line that helps but is not the result; not with <c>--json</c> or <c>--quiet</c>.</summary>
    public void Note(string text = "")
    {
        if (!IsQuiet)
            Line(text);
    }

    /// <summary>A problem, on standard error.</summary>
    public void Problem(string text) => _streams.Error.WriteLine(text);

    public string PaintProblem(string text, Tone tone) => _errorColor ? Ink.Paint(text, tone) : text;

    /// <summary>The one JSON document.</summary>
    public void Json<T>(T value) => _streams.Output.WriteLine(JsonSerializer.Serialize(value, JsonOptions));

    static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : DefaultWidth;
        }
        catch (IOException)
        {
            return DefaultWidth;
        }
    }
}
