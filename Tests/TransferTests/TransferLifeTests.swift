import SMTPSink
import TestSupport
import Testing
import Transfer

@Suite("The life of transfers")
struct TransferLifeTests {
    private let transfers = Transfers()
    /// Far beyond what a test waits for, so that only what it asserts can end a transfer.
    private let long = Duration.seconds(600)

    @Test("cancelling the task ends a request under way, whose fate is unknown")
    func cancelledRequest() async throws {
        let peer = try HTTPPeer(script: [.silence])
        defer { peer.stop() }
        let exchange = HTTPExchange(method: "POST", url: peer.url, body: [1], timeout: long)
        let task = Task { [transfers] in await transfers.http(exchange) }
        await peer.nextArrival()
        task.cancel()
        #expect(await task.value.failure?.kind == .unknown)
        await transfers.shutdown()
    }

    @Test("a transfer in a task cancelled before is not begun, or ends at once")
    func cancelledBefore() async throws {
        let sink = try SMTPSink(script: SinkScript(rules: [SinkRule(.greeting, .silence)]))
        let mail = Mails.mail(Mails.server(sink), timeout: long, connectTimeout: long)
        let task = Task { [transfers] in
            withUnsafeCurrentTask { $0?.cancel() }
            return await transfers.mail(mail)
        }
        #expect(await task.value == .cancelled)
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("cancelling a mail before 354 surely keeps it, and after 354 leaves it unknown")
    func cancelledMail() async throws {
        let rules = [
            SinkRule(.recipient, .silence, when: .recipient("early")),
            SinkRule(.endOfData, .silence, when: .recipient("late")),
        ]
        let sink = try SMTPSink(script: SinkScript(extensions: [], rules: rules))
        let late = Task { [transfers] in
            await transfers.mail(Mails.mail(Mails.server(sink), to: "late@example.net", timeout: long))
        }
        _ = try await sink.mails(count: 1, within: .seconds(60))
        late.cancel()
        #expect(await late.value.outline == "unknown at end of data")
        let early = Task { [transfers] in
            await transfers.mail(Mails.mail(Mails.server(sink), to: "early@example.net", timeout: long))
        }
        try await sink.command(containing: "early@", within: .seconds(60))
        early.cancel()
        #expect(await early.value == .cancelled)
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("shutting down ends what is under way, and what comes later")
    func shutdown() async throws {
        let peer = try HTTPPeer(script: [.silence])
        defer { peer.stop() }
        let sink = try SMTPSink(script: SinkScript(rules: [SinkRule(.endOfData, .silence)]))
        let exchange = HTTPExchange(method: "POST", url: peer.url, body: [1], timeout: long)
        let mail = Mails.mail(Mails.server(sink), timeout: long)
        async let request = transfers.http(exchange)
        async let taken = transfers.mail(mail)
        await peer.nextArrival()
        _ = try await sink.mails(count: 1, within: .seconds(60))
        await transfers.shutdown()
        #expect(await request.failure?.kind == .unknown)
        #expect(await taken.outline == "unknown at end of data")
        #expect(await transfers.http(exchange).failure?.kind == .cancelled)
        #expect(await transfers.mail(mail) == .cancelled)
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("the thread ends with the last reference")
    func lastReference() async throws {
        let sink = try SMTPSink()
        do {
            let transfers = Transfers()
            #expect(await transfers.mail(Mails.mail(Mails.server(sink))).outline == "accepted")
        }
        // The idle connection is left with a QUIT.
        try await sink.command(containing: "QUIT", within: .seconds(60))
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("a server that is silent after the final dot holds up nobody else")
    func slowServer() async throws {
        let sink = try SMTPSink(
            script: SinkScript(rules: [SinkRule(.endOfData, .silence, when: .recipient("slow"))])
        )
        let slow = Task { [transfers] in
            await transfers.mail(Mails.mail(Mails.server(sink), to: "slow@example.net", timeout: long))
        }
        _ = try await sink.mails(count: 1, within: .seconds(60))
        for _ in 1...20 {
            #expect(await transfers.mail(Mails.mail(Mails.server(sink))).outline == "accepted")
        }
        slow.cancel()
        #expect(await slow.value.outline == "unknown at end of data")
        await transfers.shutdown()
        await sink.stop()
    }
}
