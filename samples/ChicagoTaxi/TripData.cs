using System.Globalization;
using ChicagoTaxi.Synthetic;
using Synthesis;

namespace ChicagoTaxi;

/// <summary>Where trips come from.</summary>
/// <param name="Path">The CSV file.</param>
/// <param name="AttainableAuc">The best that a model can reach on it; null where nobody knows.</param>
sealed record TripData(string Path, double? AttainableAuc)
{
    public static TripData Given(string path) => new(path, AttainableAuc: null);

    /// <summary>Makes trips up, unless they are there from before, and says so on standard error.</summary>
    public static TripData MadeUp(string home, int rows, int seed, bool quiet)
    {
        if (rows < 1)
            throw new DefinitionException([new DefinitionError("", string.Create(CultureInfo.InvariantCulture, $"--rows is {rows}. Expected at least 1."))]);
        var file = SyntheticFile.Ensure(new SyntheticTrips(), System.IO.Path.Combine(home, "data"), rows, seed);
        if (!quiet)
        {
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"SYNTHETIC DATA: {rows:N0} trips that nobody took, {(file.Made ? "written to" : "kept in")} {file.ShortPath}. Give real ones with --data FILE."));
        }

        return new TripData(file.Path, file.Facts.AttainableAuc);
    }
}
