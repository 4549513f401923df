private import Foundation
private import Synchronization

/// Carries HTTP requests and mails, many at once, on one thread of its own.
///
/// Connections are kept alive between transfers. There is no limit on transfers under way: each that finds no idle
/// connection opens one, so the caller decides how many it awaits together. Cancelling the awaiting task ends its
/// transfer at once. The thread ends with ``shutdown()``, or some time after the last reference has gone.
package final class Transfers: Sendable {
    private let inbox = Inbox()
    private let lastNumber = Atomic<UInt64>(0)

    /// Starts the thread.
    ///
    /// - Parameter keptConnections: how many connections of each kind, HTTP and mail, stay open for reuse.
    package init(keptConnections: Int = 64) {
        let thread = Thread { [inbox] in
            TransferLoop(inbox: inbox, keptConnections: keptConnections).run()
            inbox.end()
        }
        thread.name = "transfers"
        thread.start()
    }

    deinit { inbox.close() }

    /// Hands over one request and waits for its answer.
    ///
    /// Nothing is repeated except GET and HEAD on a kept-alive connection that turned out to be closed, and no
    /// redirect is followed.
    package func http(_ exchange: HTTPExchange) async -> HTTPResult {
        if let problem = exchange.problem { return .failed(TransferFailure(.invalid, problem)) }
        let deadline = ContinuousClock.now + exchange.timeout
        return await submit { number, answer in
            .http(HTTPJob(number: number, exchange: exchange, deadline: deadline, answer: answer))
        } ?? .failed(.closed)
    }

    /// Hands over one mail to one recipient and waits for the server's word.
    ///
    /// A mail goes over the wire once. The only thing done twice is the opening of a transaction, where a kept-alive
    /// connection turned out to be closed before it answered the first command.
    package func mail(_ transfer: MailTransfer) async -> MailResult {
        let prepared: PreparedMail
        do {
            prepared = try PreparedMail(transfer, now: .now)
        } catch {
            return .invalid(error)
        }
        return await mail(prepared)
    }

    func mail(_ prepared: PreparedMail) async -> MailResult {
        await submit { number, answer in
            .mail(MailJob(number: number, mail: prepared, answer: answer))
        } ?? .cancelled
    }

    /// Ends what is under way, closes all connections, and returns when the thread has let go of everything.
    ///
    /// A transfer that was surely not handed over answers "cancelled", any other "unknown". Later transfers are
    /// refused.
    package func shutdown() async {
        inbox.close()
        await inbox.ended()
    }

    /// Passes a job to the thread, and returns nil if it takes no more.
    private func submit<Result: Sendable>(
        _ job: (UInt64, CheckedContinuation<Result?, Never>) -> Command
    ) async -> Result? {
        let number = lastNumber.add(1, ordering: .relaxed).newValue
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard inbox.post(job(number, continuation)) else { return continuation.resume(returning: nil) }
                // The handler below may have run before the job was posted, when there was nothing to cancel yet.
                if Task.isCancelled { inbox.post(.cancel(number)) }
            }
        } onCancel: {
            inbox.post(.cancel(number))
        }
    }
}
