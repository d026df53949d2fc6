using System.Globalization;
using Gyre.Data;

namespace Gyre.Schemas.Comparison;

/// <summary>
/// Looks at raw examples for leakage: exactly, over all rows. Rows are equal when the MD5 digests of all their columns but
/// the label are.
/// </summary>
sealed class LeakageSearch(DataEngine engine, string label, LeakageOptions options)
{
    const int NumberCells = 50;

    /// <summary>Names a row of a file for people; rows count from 0.</summary>
    public Func<string, long, string> NameOf { get; init; } = (file, row) => string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}, example {row + 1}");

    /// <param name="files">The split's files.</param>
    /// <param name="firstSplit">The files of the first split; null when it is this one.</param>
    /// <param name="cancellation">Stops the work.</param>
    public LeakageHints Search(IReadOnlyList<string> files, IReadOnlyList<string>? firstSplit, CancellationToken cancellation)
    {
        var columns = ParquetFile.Columns(engine, files[0]);
        var hasLabel = columns.Any(column => column.Name == label);
        var features = columns.Where(column => column.Name != label).ToList();
        var rows = engine.Scalar<long>($"SELECT count(*) FROM {Source(files)}");
        if (rows == 0 || features.Count == 0)
            return new LeakageHints();
        Digest("here", files, features, hasLabel, cancellation);
        var duplicates = firstSplit is null ? null : Duplicates(firstSplit, features, hasLabel, rows, cancellation);
        var conflicts = hasLabel ? Conflicts(rows, cancellation) : null;
        engine.Run("DROP TABLE here", cancellation);
        return new LeakageHints
        {
            Duplicates = duplicates,
            Conflicts = conflicts,
            Identifiers = [.. Identifiers(files, features, cancellation)],
            Features = hasLabel ? [.. Associations(files, features, cancellation).OrderByDescending(hint => hint.Gain).ThenBy(hint => hint.Feature, StringComparer.Ordinal)] : [],
        };
    }

    static string Source(IReadOnlyList<string> files) =>
        $"read_parquet([{string.Join(", ", files.Select(SqlText.Literal))}], union_by_name = true, filename = true, file_row_number = true)";

    /// <summary>The lengths before the values keep «ab, c» apart from «a, bc»; a missing value is none.</summary>
    void Digest(string table, IReadOnlyList<string> files, List<(string Name, string SqlType)> features, bool hasLabel, CancellationToken cancellation)
    {
        var parts = features.Select(feature => SqlText.Identifier(feature.Name))
            .Select(name => $"CASE WHEN {name} IS NULL THEN 'n' ELSE concat(length(CAST({name} AS VARCHAR)), ':', CAST({name} AS VARCHAR)) END");
        var labelled = hasLabel ? $"CAST({SqlText.Identifier(label)} AS VARCHAR)" : "NULL::VARCHAR";
        engine.Run(
            $"CREATE TABLE {table} AS SELECT md5_number(concat_ws('|', {string.Join(", ", parts)})) AS digest, {labelled} AS label, filename AS file, file_row_number AS row FROM {Source(files)}",
            cancellation);
    }

    RepeatedRows Duplicates(IReadOnlyList<string> firstSplit, List<(string Name, string SqlType)> features, bool hasLabel, long rows, CancellationToken cancellation)
    {
        var known = ParquetFile.Columns(engine, firstSplit[0]).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        if (!features.TrueForAll(feature => known.Contains(feature.Name)))
            return new RepeatedRows(0, 0, [], IsHint: false);
        Digest("other", firstSplit, features, hasLabel, cancellation);
        var count = engine.Scalar<long>("SELECT count(*) FROM here SEMI JOIN other USING (digest)");
        var samples = Pairs(
            $"""
            WITH found AS (SELECT * FROM here SEMI JOIN other USING (digest) ORDER BY file, row LIMIT {options.Samples})
            SELECT found.file, found.row, arg_min(other.file, (other.file, other.row)), arg_min(other.row, (other.file, other.row))
            FROM found JOIN other USING (digest) GROUP BY ALL ORDER BY 1, 2
            """);
        engine.Run("DROP TABLE other", cancellation);
        return Repeated(count, rows, samples, options.MaxDuplicateShare);
    }

    RepeatedRows Conflicts(long rows, CancellationToken cancellation)
    {
        engine.Run("CREATE TABLE contradicted AS SELECT digest FROM here WHERE label IS NOT NULL GROUP BY digest HAVING count(DISTINCT label) > 1", cancellation);
        var count = engine.Scalar<long>("SELECT count(*) FROM here SEMI JOIN contradicted USING (digest) WHERE label IS NOT NULL");
        var samples = Pairs(
            $"""
            WITH firsts AS (
                SELECT digest, label, arg_min(file, (file, row)) AS file, arg_min(row, (file, row)) AS row
                FROM here SEMI JOIN contradicted USING (digest) WHERE label IS NOT NULL GROUP BY digest, label)
            SELECT one.file, one.row, arg_min(other.file, (other.file, other.row)), arg_min(other.row, (other.file, other.row))
            FROM firsts AS one JOIN firsts AS other ON one.digest = other.digest AND (one.file, one.row) < (other.file, other.row)
            GROUP BY 1, 2 ORDER BY 1, 2 LIMIT {options.Samples}
            """);
        engine.Run("DROP TABLE contradicted", cancellation);
        return Repeated(count, rows, samples, options.MaxConflictShare);
    }

    List<RowPair> Pairs(string sql)
    {
        // Names are looked up in the same engine, which answers one question at a time.
        var found = engine.Query(sql, row => (File: row.GetString(0), Row: row.GetInt64(1), OtherFile: row.GetString(2), Other: row.GetInt64(3))).ToList();
        return found.ConvertAll(pair => new RowPair(NameOf(pair.File, pair.Row), NameOf(pair.OtherFile, pair.Other)));
    }

    static RepeatedRows Repeated(long count, long rows, List<RowPair> samples, double most) => new(count, (double)count / rows, samples, (double)count / rows > most);

    /// <summary>Real numbers are distinct by nature; texts and whole numbers seldom are.</summary>
    IEnumerable<IdentifierHint> Identifiers(IReadOnlyList<string> files, List<(string Name, string SqlType)> features, CancellationToken cancellation)
    {
        foreach (var (name, type) in features.Where(feature => feature.SqlType is "VARCHAR" or "BIGINT"))
        {
            cancellation.ThrowIfCancellationRequested();
            var column = SqlText.Identifier(name);
            var (distinct, values) = engine.Query($"SELECT count(DISTINCT {column}), count({column}) FROM {Source(files)}", row => (row.GetInt64(0), row.GetInt64(1))).Single();
            if (values >= 100 && distinct >= values * options.IdentifierShare && (type == "VARCHAR" || IsDense(files, column, distinct)))
                yield return new IdentifierHint(name, distinct, values);
        }
    }

    /// <summary>Whole numbers that are counted up, not measured: nearly as many distinct ones as there is room for, or all distinct.</summary>
    bool IsDense(IReadOnlyList<string> files, string column, long distinct) =>
        engine.Scalar<long>($"SELECT count({column}) FROM {Source(files)}") == distinct;

    IEnumerable<LabelHint> Associations(IReadOnlyList<string> files, List<(string Name, string SqlType)> features, CancellationToken cancellation)
    {
        var target = $"CAST({SqlText.Identifier(label)} AS VARCHAR)";
        var classes = engine.Query($"SELECT count(*) FROM {Source(files)} WHERE {target} IS NOT NULL GROUP BY {target} ORDER BY 1 DESC", row => (double)row.GetInt64(0)).ToList();
        if (classes.Count < 2)
            yield break;
        var all = classes.Sum();
        var (most, entropy) = (classes[0] / all, classes.Sum(count => -count / all * Math.Log(count / all)));
        foreach (var (name, type) in features.Where(feature => feature.SqlType is "VARCHAR" or "BIGINT" or "DOUBLE"))
        {
            cancellation.ThrowIfCancellationRequested();
            var counts = new Association(most, all);
            foreach (var (value, count) in engine.Query(
                $"WITH cells AS (SELECT {Cell(files, name, type)} AS cell, {target} AS label FROM {Source(files)} WHERE {target} IS NOT NULL) SELECT coalesce(cell, ''), cell IS NULL, count(*) FROM cells GROUP BY cell, label ORDER BY 2, 1, 3 DESC",
                row => ((row.GetString(0), row.GetBoolean(1)), row.GetInt64(2))))
            {
                counts.Add(value, count);
            }

            var (accuracy, conditional) = counts.Finish();
            var gain = most >= 1 ? 0 : (accuracy - most) / (1 - most);
            yield return new LabelHint(name, accuracy, most, gain, entropy <= 0 ? 0 : Math.Clamp((entropy - conditional) / entropy, 0, 1), gain >= options.DeterminesLabel);
        }
    }

    /// <summary>Numbers of more than a hundred values are told apart by cells of equal count.</summary>
    string Cell(IReadOnlyList<string> files, string name, string type)
    {
        var column = SqlText.Identifier(name);
        if (type == "VARCHAR" || engine.Scalar<long>($"SELECT count(*) FROM (SELECT DISTINCT {column} FROM {Source(files)} LIMIT {(2 * NumberCells) + 1})") <= 2 * NumberCells)
            return $"CAST({column} AS VARCHAR)";
        var shares = string.Join(", ", Enumerable.Range(1, NumberCells - 1).Select(i => string.Create(CultureInfo.InvariantCulture, $"{(double)i / NumberCells:0.##}")));
        var cuts = engine.Query($"SELECT unnest(list_distinct(quantile_disc({column}, [{shares}]))) FROM {Source(files)}", row => Convert.ToDouble(row.GetValue(0), CultureInfo.InvariantCulture))
            .Order().Select(cut => $"'{cut.ToString("R", CultureInfo.InvariantCulture)}'::DOUBLE").ToList();
        return $"CASE WHEN {column} IS NULL THEN NULL ELSE CAST(len(list_filter([{string.Join(", ", cuts)}], lambda c: c < {column})) AS VARCHAR) END";
    }

    /// <summary>Adds up how many labels are guessed right from the other examples of a cell, cell by cell.</summary>
    sealed class Association(double prior, double all)
    {
        readonly List<double> _cell = [];

        (string, bool)? _value;
        double _right;
        double _entropy;

        public void Add((string, bool) value, long count)
        {
            if (_value != value)
                Close();
            _value = value;
            _cell.Add(count);
        }

        public (double Accuracy, double Entropy) Finish()
        {
            Close();
            return (_right / all, _entropy / all);
        }

        /// <summary>Counts come in falling order. An example alone in its cell is guessed by the prior; a tie is right half of the time.</summary>
        void Close()
        {
            if (_cell.Count == 0)
                return;
            var total = _cell.Sum();
            var (first, second) = (_cell[0], _cell.Count > 1 ? _cell[1] : 0);
            if (total == 1)
                _right += prior;
            else
                _right += first - 1 > second ? first : first - 1 == second ? first / 2 : 0;
            _entropy -= _cell.Sum(count => count * Math.Log(count / total));
            _cell.Clear();
        }
    }
}
