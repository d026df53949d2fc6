using ConsumerComplaints.Synthetic;
using Synthesis;

var sw = System.Diagnostics.Stopwatch.StartNew();
var f = SyntheticFile.Ensure(new SyntheticComplaints(), args[0], int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture), 1);
Console.WriteLine($"{f} {sw.ElapsedMilliseconds}");
