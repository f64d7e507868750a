using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi.Models;

namespace Capyd.Hosting;

/// <summary><c>GET /v1/openapi.json</c>: made from the endpoints themselves, public (contract A.1).</summary>
internal static class ApiDocument
{
    private const string Name = "v1";

    public static void AddServices(IServiceCollection services) => services.AddEndpointsApiExplorer().AddOpenApi(Name, options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "capyd", Version = CapydVersion.Text, Description = "Databases of one PostgreSQL server, with backups that are proven by restoring them." };
            document.Servers.Clear();
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes["apiKey"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key, capy_live_…; X-API-Key takes it too.",
            };
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            DropOmittedFromRequired(schema, context.JsonTypeInfo);
            NameItems(schema);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context.Description.ActionDescriptor.EndpointMetadata);
            return Task.CompletedTask;
        });
    });

    public static void Map(IEndpointRouteBuilder routes) => routes.MapOpenApi("/v1/openapi.json");

    /// <summary>What may be null is left out of an answer and need not be in a request, so it is not required.</summary>
    private static void DropOmittedFromRequired(OpenApiSchema schema, JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.IsGetNullable || Nullable.GetUnderlyingType(property.PropertyType) is not null))
        {
            schema.Required.Remove(property.Name);
        }
    }

    /// <summary>An array must say what is in it. Only rows of a query have no form of their own; they are objects keyed by column.</summary>
    private static void NameItems(OpenApiSchema schema)
    {
        if (schema.Type == "array")
        {
            schema.Items ??= new OpenApiSchema { Type = "object" };
        }
    }

    /// <summary>Each endpoint refuses in the same form; those with a scope name it.</summary>
    private static void Describe(OpenApiOperation operation, IList<object> metadata)
    {
        if (metadata.OfType<Auth.RequiredScope>().FirstOrDefault() is { } scope)
        {
            operation.Security.Add(new OpenApiSecurityRequirement
            {
                [new OpenApiSecurityScheme { Reference = new OpenApiReference { Type = ReferenceType.SecurityScheme, Id = "apiKey" } }] = [],
            });
            operation.Description = scope.Scope.Length == 0 ? "Any credential will do." : $"Needs the scope `{scope.Scope}`.";
        }

        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A refusal or failure: what is wrong, what to do, and a stable word.",
            Content = { ["application/json"] = new OpenApiMediaType { Schema = ErrorSchema() } },
        };
    }

    private static OpenApiSchema ErrorSchema() => new()
    {
        Type = "object",
        Required = new HashSet<string> { "error" },
        Properties =
        {
            ["error"] = new OpenApiSchema { Type = "string" },
            ["hint"] = new OpenApiSchema { Type = "string" },
            ["code"] = new OpenApiSchema { Type = "string" },
        },
    };
}
