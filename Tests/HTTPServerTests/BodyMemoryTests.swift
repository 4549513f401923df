import Testing

@testable import HTTPServer

@Suite("The memory of all bodies", .timeLimit(.minutes(12)))
struct BodyMemoryTests {
    private static let large = 100_000
    /// One large body fits where nothing else is there; beside it no second one.
    private static let tight = limits { _ in }

    private static func limits(_ change: (inout ServerLimits) -> Void) -> ServerLimits {
        var limits = ServerLimits.patient
        limits.maximumBodyBytes = large
        limits.maximumBufferedBytes = 8 * large
        change(&limits)
        return limits
    }

    private func post(_ length: Int, _ body: String, _ fields: String = "") -> String {
        "POST / HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(length)\r\n\r\n\(body)"
    }

    private func octets(_ count: Int) -> String { String(repeating: "x", count: count) }

    /// Asks whether a large body would be taken; what is asked for is not sent.
    private func mayBeLarge(_ port: Int) async throws -> Bool {
        let client = try RawClient(port: port)
        client.send(post(Self.large, "", "Expect: 100-continue\r\n"))
        let reply = try #require(await client.reply())
        if reply.status == 100 { return true }
        #expect(reply.status == 503)
        #expect(reply.head.contains("\r\nRetry-After: 1\r\n"))
        #expect(reply.closes)
        return false
    }

    /// Asks until it is so; half a minute is longer than anything here takes on a busy machine.
    private func until(mayBeLarge expected: Bool, _ port: Int) async throws {
        let end = ContinuousClock.now + .seconds(120)
        while try await mayBeLarge(port) != expected {
            try #require(ContinuousClock.now < end, "the memory did not change in time")
        }
    }

    @Test("is bounded: large bodies that do not end are refused, and the small ones of others are served")
    func bounded() async throws {
        let limits = Self.limits { $0.maximumBufferedBytes = 16 * Self.large }
        try await withListener(limits: limits, handler: echo) { listener in
            var slow: [RawClient] = []
            for _ in 0..<9 {
                let client = try RawClient(port: listener.port)
                client.send(post(Self.large, octets(Self.large - 1)))
                slow.append(client)
            }
            try await until(mayBeLarge: false, listener.port)
            let growing = try RawClient(port: listener.port)
            growing.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            growing.send("1869f\r\n\(octets(Self.large - 1))")
            #expect(await growing.reply()?.status == 503)
            for length in [1, 1000, Self.large / 2] {
                let small = try RawClient(port: listener.port)
                small.send(post(length, octets(length)))
                #expect(await small.reply()?.body == "POST / " + octets(length))
            }
            // Those who were there in time are not cut off for those who came later.
            for client in slow {
                client.send("x")
                #expect(await client.reply()?.status == 200)
            }
            try await until(mayBeLarge: true, listener.port)
        }
    }

    enum End: CaseIterable { case answered, reset, ended, late, tooLarge, broken, refused }

    @Test("is free again, however a request ends", arguments: End.allCases)
    func freed(end: End) async throws {
        let limits = Self.limits { if end == .late { $0.bodyDeadline = .milliseconds(200) } }
        try await withListener(limits: limits, handler: echo) { listener in
            for _ in 0..<5 {
                let client = try RawClient(port: listener.port)
                switch end {
                case .answered:
                    client.send(post(Self.large, octets(Self.large)))
                    #expect(await client.reply()?.status == 200)
                case .reset, .ended:
                    client.send(post(Self.large, octets(Self.large - 1)))
                    try await until(mayBeLarge: false, listener.port)
                    if end == .reset { client.reset() } else { client.end() }
                case .late:
                    client.send(post(Self.large, octets(Self.large - 1)))
                    #expect(await client.reply()?.status == 408)
                case .tooLarge, .broken:
                    client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                    client.send("1869f\r\n\(octets(Self.large - 1))\r\n")
                    client.send(end == .tooLarge ? "2\r\nxx\r\n" : "no number\r\n")
                    #expect(await client.reply()?.status == (end == .tooLarge ? 413 : 400))
                case .refused:
                    let other = try RawClient(port: listener.port)
                    other.send(post(Self.large, octets(Self.large - 1)))
                    try await until(mayBeLarge: false, listener.port)
                    client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                    client.send("1869f\r\n\(octets(Self.large - 1))")
                    #expect(await client.reply()?.status == 503)
                    other.end()
                }
                try await until(mayBeLarge: true, listener.port)
            }
        }
    }

    @Test("holds what a handler works on until it has its answer")
    func handled() async throws {
        let latch = Latch()
        try await withListener(limits: Self.tight) { request in
            if request.body.count == Self.large { await latch.wait() }
            return Response(status: 200)
        } test: { listener in
            let parked = try RawClient(port: listener.port)
            parked.send(post(Self.large, octets(Self.large)))
            try await until(mayBeLarge: false, listener.port)
            let small = try RawClient(port: listener.port)
            small.send(post(1000, octets(1000)))
            #expect(await small.reply()?.status == 200)
            #expect(try await !mayBeLarge(listener.port))
            latch.open()
            #expect(await parked.reply()?.status == 200)
            try await until(mayBeLarge: true, listener.port)
        }
    }

    @Test("is not taken by what is only announced")
    func announced() async throws {
        try await withListener(limits: Self.tight, handler: echo) { listener in
            let empty = try (0..<200).map { _ in try RawClient(port: listener.port) }
            for client in empty {
                client.send(post(Self.large, "", "Expect: 100-continue\r\n"))
                #expect(await client.reply()?.status == 100)
            }
            let honest = try RawClient(port: listener.port)
            honest.send(post(Self.large, octets(Self.large)))
            #expect(await honest.reply()?.status == 200)
        }
    }

    @Test("has room for a body of 57 KiB when a thousand others have taken what they can")
    func thousand() {
        let limits = ServerLimits()
        let memory = BodyMemory(limits: limits)
        var held = [Int](repeating: 0, count: 1000)
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for index in held.indices where memory.grow(from: held[index], to: held[index] + 1024) {
                held[index] += 1024
                isGrowing = true
            }
        }
        #expect(held.reduce(0, +) <= limits.maximumBufferedBytes)
        #expect(memory.hasRoom(for: 57 << 10))
    }

    @Test("takes a body of the largest size where it is alone, however small the memory was made")
    func alone() {
        let limits = ServerLimits {
            $0.maximumBodyBytes = 4 << 20
            $0.maximumBufferedBytes = 1
        }
        #expect(BodyMemory(limits: limits).hasRoom(for: 4 << 20))
    }
}
