import HTTPServer

/// Runs a test against a real listener on loopback and stops it afterwards.
func withListener(
    at endpoint: Endpoint = .internet(host: "127.0.0.1", port: 0),
    limits: ServerLimits = .patient,
    isProxy: @escaping @Sendable ([UInt8]) -> Bool = { _ in false },
    bodyLimit: @escaping @Sendable (RequestHead) -> Int = { _ in .max },
    handler: @escaping @Sendable (Request) async -> Response,
    test: (Listener) async throws -> Void
) async throws {
    let listener = try Listener(
        at: endpoint,
        limits: limits,
        isProxy: isProxy,
        bodyLimit: bodyLimit,
        handler: handler
    )
    do {
        try await test(listener)
    } catch {
        await listener.drain(within: .zero)
        throw error
    }
    await listener.drain(within: .zero)
}

/// Answers with the method, the target and the body of the request.
@Sendable func echo(_ request: Request) async -> Response {
    let query = request.target.rawQuery.map { "?" + $0 } ?? ""
    return Response(status: 200, body: Array("\(request.method) \(request.path)\(query) ".utf8) + request.body)
}

extension ServerLimits {
    /// The patient ones with changes.
    init(_ change: (inout ServerLimits) -> Void) {
        self = .patient
        change(&self)
    }
}

extension ServerLimits {
    /// For tests that are not about deadlines: a busy machine may let a connection wait for long.
    static var patient: ServerLimits {
        var limits = ServerLimits()
        (limits.headerDeadline, limits.bodyDeadline) = (.seconds(300), .seconds(300))
        (limits.answerDeadline, limits.idleTimeout) = (.seconds(300), .seconds(300))
        return limits
    }
}
