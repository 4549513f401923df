/// A request on its way to the loop, and where its result is awaited.
struct HTTPJob: Sendable {
    let number: UInt64
    let exchange: HTTPExchange
    let deadline: ContinuousClock.Instant
    let answer: CheckedContinuation<HTTPResult?, Never>

    func end(_ result: HTTPResult) {
        answer.resume(returning: result)
    }
}
