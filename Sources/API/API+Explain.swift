import AuthEvents
import HTTPServer
import JSON
import Store

extension API {
    /// Answers `GET /v1/deliveries/{id}/explain`, of a delivery or of a refused event.
    func explain(_ request: Request, id: String) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .read)
        try request.refuseQuery()
        do throws(StoreError) {
            if let id = DeliveryID(id), let chronicle = try await records.chronicle(id, of: principal.tenant) {
                return .json([
                    "delivery": .object(whole(chronicle.report)), "story": Story(of: chronicle).json,
                ])
            }
            if let id = RefusalID(id), let refusal = try await refusals.refusal(id, of: principal.tenant) {
                // What this program has written it can read.
                let story = (try? JSONValue(parsing: [UInt8](refusal.story.utf8))) ?? []
                return .json(["delivery": nil, "story": story])
            }
        } catch {
            throw Problem(error)
        }
        throw .notFound
    }
}
