using ChicagoTaxi.Synthetic;
using Synthesis;

Console.WriteLine(SyntheticFile.Ensure(new SyntheticTrips(), args[0], int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture), 1));
