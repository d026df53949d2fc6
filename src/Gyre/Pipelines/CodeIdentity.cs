using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;

namespace Gyre.Pipelines;

/// <summary>
/// Names the code that a component carries. Code with a <see cref="CodeVersionAttribute"/> is known by its number;
/// any other by a digest of its assembly's metadata and instructions, which a changed comment, path, time stamp or
/// commit leaves alone.
/// </summary>
static class CodeIdentity
{
    static readonly ConcurrentDictionary<Assembly, string> Digests = new();

    public static string Of(Type type)
    {
        var name = type.FullName ?? type.Name;
        return type.GetCustomAttribute<CodeVersionAttribute>(inherit: false) is { } version
            ? $"{name} v{version.Version.ToString(CultureInfo.InvariantCulture)}"
            : $"{name} {Digests.GetOrAdd(type.Assembly, Digest)}";
    }

    /// <summary>
    /// The code of a component, of every behaviour among its parameters (trainers and the like), and of those that these hold
    /// (layers of their own), in a fixed order.
    /// </summary>
    public static string Of(Component component, IEnumerable<object?> parameters) =>
        string.Join("; ", new[] { Of(component.GetType()) }.Concat(
            parameters.OfType<ICarriesCode>().SelectMany(value => Behaviours(value, depth: 0)).Select(value => Of(value.GetType()))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)));

    static IEnumerable<ICarriesCode> Behaviours(object? value, int depth)
    {
        if (depth > ParameterJson.DeepestNesting || value is null or string or IParameter or Enum)
            return [];
        var held = value switch
        {
            IEnumerable list => list.Cast<object?>(),
            _ when value.GetType().Namespace?.StartsWith("System", StringComparison.Ordinal) == true => [],
            _ => ParameterJson.Properties(value.GetType()).Select(property => property.GetValue(value)),
        };
        return (value is ICarriesCode own ? [own] : Array.Empty<ICarriesCode>()).Concat(held.SelectMany(part => Behaviours(part, depth + 1)));
    }

    static string Digest(Assembly assembly)
    {
        if (assembly.Location.Length == 0)
            return assembly.ManifestModule.ModuleVersionId.ToString("N");
        using var file = new FileStream(assembly.Location, FileMode.Open, FileAccess.Read);
        using var image = new PEReader(file);
        return Digest(image);
    }

    internal static unsafe string Digest(PEReader image)
    {
        var metadata = image.GetMetadataReader();
        var bytes = new ReadOnlySpan<byte>(metadata.MetadataPointer, metadata.MetadataLength).ToArray();
        Clear(bytes, metadata.GetHeapMetadataOffset(HeapIndex.Guid), metadata.GetHeapSize(HeapIndex.Guid));
        ClearInformationalVersion(metadata, bytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var handle in metadata.MethodDefinitions)
        {
            var address = metadata.GetMethodDefinition(handle).RelativeVirtualAddress;
            if (address == 0)
                continue;
            var body = image.GetMethodBody(address);
            hash.AppendData(body.GetILBytes() ?? []);
        }

        ClearAddresses(metadata, bytes);
        hash.AppendData(bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>The compiler writes the commit into this attribute; a commit alone changes no code.</summary>
    static void ClearInformationalVersion(MetadataReader metadata, byte[] bytes)
    {
        foreach (var handle in metadata.GetAssemblyDefinition().GetCustomAttributes())
        {
            var attribute = metadata.GetCustomAttribute(handle);
            if (attribute.Constructor.Kind != HandleKind.MemberReference)
                continue;
            var constructor = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor);
            if (constructor.Parent.Kind != HandleKind.TypeReference)
                continue;
            var type = metadata.GetTypeReference((TypeReferenceHandle)constructor.Parent);
            if (metadata.GetString(type.Name) == nameof(AssemblyInformationalVersionAttribute))
            {
                var start = metadata.GetHeapMetadataOffset(HeapIndex.Blob) + metadata.GetHeapOffset(attribute.Value);
                Clear(bytes, start, metadata.GetBlobReader(attribute.Value).Length + 2);
            }
        }
    }

    /// <summary>Addresses of method bodies move when anything before them in the file does; the bodies themselves are hashed.</summary>
    static void ClearAddresses(MetadataReader metadata, byte[] bytes)
    {
        var start = metadata.GetTableMetadataOffset(TableIndex.MethodDef);
        var size = metadata.GetTableRowSize(TableIndex.MethodDef);
        for (var row = 0; row < metadata.GetTableRowCount(TableIndex.MethodDef); row++)
            Clear(bytes, start + (row * size), sizeof(uint));
    }

    static void Clear(byte[] bytes, int start, int length) => bytes.AsSpan(start, Math.Min(length, bytes.Length - start)).Clear();
}

/// <summary>Marks options whose own code computes something, such as trainers: their code is part of the cache key.</summary>
public interface ICarriesCode;
