import AuthEvents
import Deliveries
import HTTPServer
import JSON
import Sorting
import Store

extension API {
    /// Answers `POST /v1/queues/{channel}/pause` and `…/resume`; a channel that is paused already stays so.
    func pause(_ request: Request, channel name: String, isResume: Bool) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .operate)
        guard principal.tenant == nil else {
            throw Problem(
                .forbidden,
                "A channel is of all tenants; use a token that is bound to none.",
                ["scope": .string(Scope.operate.rawValue)]
            )
        }
        guard let channel = Channel(name: name) else {
            throw Problem(.notFound, "There is no such channel; use email or sms.")
        }
        do {
            if isResume { try await holds.resume(channel) } else { try await holds.pause(channel) }
            return .noContent
        } catch {
            throw Problem(error)
        }
    }

    /// Answers `POST /v1/deliveries/{id}/cancel` with the delivery.
    func cancel(_ request: Request, id: String) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .operate)
        guard let delivery = DeliveryID(id) else { throw .notFound }
        let report: DeliveryReport?
        do {
            guard let isCancelled = try await sorting.cancel(delivery, of: principal.tenant) else {
                throw Problem.notFound
            }
            guard isCancelled else {
                throw Problem(.conflict, "The delivery is under way or has ended; it cannot be cancelled any more.")
            }
            report = try await records.delivery(delivery, of: principal.tenant)
        } catch let error as StoreError {
            throw Problem(error)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .notFound
        }
        guard let report else { throw .notFound }
        return .json(.object(whole(report)))
    }
}
