private import COpenAPI

/// The description of the server's endpoints in OpenAPI 3.1: `Schemas/openapi.json`, byte for byte.
package enum OpenAPIDocument {
    package static let bytes = unsafe [UInt8](UnsafeBufferPointer(start: copenapi_bytes(), count: copenapi_count()))
}
