import HTTPServer
import JSON

extension Response {
    static func json(_ value: JSONValue, status: Int = 200) -> Response {
        Response(status: status, headers: [("Content-Type", "application/json")], body: value.serialized())
    }

    static let noContent = Response(status: 204)
}
