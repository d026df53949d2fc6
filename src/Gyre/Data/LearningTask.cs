using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gyre.Data;

/// <summary>What is predicted of an example.</summary>
[JsonConverter(typeof(LearningTaskJson))]
public enum LearningTask
{
    /// <summary>Yes or no.</summary>
    Binary,

    /// <summary>One of several classes.</summary>
    Multiclass,

    /// <summary>Any number of several classes, also none.</summary>
    Multilabel,

    /// <summary>A number.</summary>
    Regression,

    /// <summary>The order of the examples of a group, such as the documents found for one query.</summary>
    Ranking,
}

/// <summary>Writes a task in lower case.</summary>
sealed class LearningTaskJson() : JsonStringEnumConverter<LearningTask>(JsonNamingPolicy.SnakeCaseLower);
