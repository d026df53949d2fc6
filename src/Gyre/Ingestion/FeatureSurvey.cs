using System.Text;
using System.Text.Unicode;
using Gyre.Data;
using Gyre.Data.TfRecords;

namespace Gyre.Ingestion;

/// <summary>A feature of TFRecord files, seen over all records.</summary>
/// <param name="Field">The column that it makes.</param>
/// <param name="Kind">What its values are; those of another kind do not fit.</param>
sealed record SurveyedFeature(SourceField Field, FeatureKind Kind);

/// <summary>
/// Looks at all records to find out which features there are and what they hold, for a single record does not tell: it may
/// lack features, and one value does not show that others have several.
/// </summary>
sealed class FeatureSurvey
{
    readonly Dictionary<string, Found> _found = new(StringComparer.Ordinal);
    readonly Dictionary<string, Found>.AlternateLookup<ReadOnlySpan<char>> _byLetters;
    char[] _letters = new char[64];

    public FeatureSurvey() => _byLetters = _found.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Takes the record on which a reader stands into account, if it is sound.</summary>
    public void Add(TfRecordRows rows)
    {
        if (rows.Fault is not null)
            return;
        var features = rows.Features;
        for (var feature = 0; feature < features.Count; feature++)
        {
            var found = Find(features.Name(feature, rows.Record));
            if (found.Kind == FeatureKind.None)
                found.Kind = features.Kind(feature);
            if (features.Kind(feature) == found.Kind)
                found.Add(features, feature, rows.Record);
        }
    }

    /// <summary>The features in order of their names.</summary>
    public IReadOnlyList<SurveyedFeature> Fields() => [.. _found.OrderBy(found => found.Key, StringComparer.Ordinal)
        .Select(found => new SurveyedFeature(new SourceField(found.Key, found.Value.Type, found.Value.IsList), found.Value.Kind))];

    Found Find(ReadOnlySpan<byte> name)
    {
        if (_letters.Length < name.Length)
            _letters = new char[name.Length * 2];
        var letters = _letters.AsSpan(0, Encoding.UTF8.GetChars(name, _letters));
        if (!_byLetters.TryGetValue(letters, out var found))
            _found[letters.ToString()] = found = new Found();
        return found;
    }

    sealed class Found
    {
        bool _isText = true;
        bool _isExact = true;

        public FeatureKind Kind { get; set; }

        public bool IsList { get; private set; }

        /// <summary>Whole numbers that doubles do not hold become text, as in CSV files; null for a feature that never had a value.</summary>
        public ColumnType? Type => Kind switch
        {
            FeatureKind.Bytes => _isText ? ColumnType.Text : ColumnType.Bytes,
            FeatureKind.Integers => _isExact ? ColumnType.Integer : ColumnType.Text,
            FeatureKind.Floats => ColumnType.Real,
            _ => null,
        };

        public void Add(ExampleFeatures features, int feature, ReadOnlySpan<byte> record)
        {
            var count = features.Values(feature);
            IsList |= count > 1;
            for (var index = 0; index < count && _isText && Kind == FeatureKind.Bytes; index++)
                _isText = Utf8.IsValid(features.Bytes(feature, index, record));
            for (var index = 0; index < count && _isExact && Kind == FeatureKind.Integers; index++)
                _isExact = features.Integer(feature, index) is >= -TypeInference.MostExact and <= TypeInference.MostExact;
        }
    }
}
