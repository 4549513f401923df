import Clocks
import Deliveries
import EmailGateways
import Foundation
import JSON
import TestSupport
import Testing

@testable import Carrier

@Suite("A sandbox gateway")
struct SandboxGatewayTests {
    private let folder: TemporaryFolder
    private let counter = Counter()

    init() throws { folder = try TemporaryFolder() }

    private var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    private func message() throws -> JSONValue {
        let name = try #require(try files.first { $0.hasSuffix(".json") })
        return try JSONValue(parsing: [UInt8](try #require(FileManager.default.contents(atPath: folder.file(name)))))
    }

    @Test("keeps a text message with its code in one file, which has no subject and no HTML")
    func keepsText() async throws {
        let gateway = SandboxGateway(name: "sandbox-sms", channel: "sms", folder: folder.path, time: counter.time)
        var claim = counter.textMessage("t1", text: "Your code is 482913 ż", price: nil)
        claim.message.code = "482913"
        #expect(await gateway.handOver(claim) == HandOver(.accepted, gatewayReference: "at_t1"))
        #expect(try files == ["\(counter.time.now().milliseconds)-at_t1.json"])
        let message = try message()
        #expect(message["channel"] == "sms")
        #expect(message["gateway"] == "sandbox-sms")
        #expect(message["to"] == "+12025550123")
        #expect(message["from"] == "Cruddur")
        #expect(message["text"] == "Your code is 482913 ż")
        #expect(message["code"] == "482913")
        #expect(message["subject"]?.isNull == true)
        #expect(message["html"]?.isNull == true)
    }

    @Test("keeps a mail as it would have gone over the wire, too")
    func keepsMail() async throws {
        let gateway = SandboxGateway.forMail(name: "sandbox-email", folder: folder.path, time: counter.time)
        #expect(await gateway.handOver(counter.claim("t1")).outcome == .accepted)
        let base = "\(counter.time.now().milliseconds)-at_t1"
        #expect(try files == [base + ".eml", base + ".json"])
        #expect(try message()["channel"] == "email")
        #expect(try message()["subject"] == "s")
    }

    @Test("that cannot write does not claim to have taken the message")
    func cannotWrite() async throws {
        let file = folder.file("no-folder")
        try Data().write(to: URL(filePath: file))
        let gateway = SandboxGateway(name: "sandbox-sms", channel: "sms", folder: file, time: counter.time)
        let handOver = await gateway.handOver(counter.textMessage("t1", text: "a", price: nil))
        #expect(handOver.outcome == .retry)
        #expect(handOver.code == "folder")
    }

    @Test("asked for an attempt looks into its folder: what is not there was not taken")
    func asked() async {
        let gateway = SandboxGateway(name: "sandbox-sms", channel: "sms", folder: folder.path, time: counter.time)
        #expect(await gateway.ask(counter.question("t1")) == HandOver(.retry, code: "not_found"))
        _ = await gateway.handOver(counter.textMessage("t1", text: "a", price: nil))
        #expect(await gateway.ask(counter.question("t1")) == HandOver(.accepted, gatewayReference: "at_t1"))
        #expect(await gateway.ask(counter.question("1")) == HandOver(.retry, code: "not_found"))
        let elsewhere = SandboxGateway(name: "s", channel: "sms", folder: folder.file("none"), time: counter.time)
        #expect(await elsewhere.ask(counter.question("t1")) == HandOver(.retry, code: "not_found"))
    }

    @Test("is tried by a file that is written and removed")
    func probed() async throws {
        let gateway = SandboxGateway(
            name: "sandbox-sms",
            channel: "sms",
            folder: folder.file("new"),
            time: counter.time
        )
        #expect(await gateway.probe(timeout: .seconds(1)) == HandOver(.accepted))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("new")).isEmpty)
        try Data().write(to: URL(filePath: folder.file("file")))
        let blocked = SandboxGateway(name: "s", channel: "sms", folder: folder.file("file"), time: counter.time)
        let answer = await blocked.probe(timeout: .seconds(1))
        #expect((answer.outcome, answer.code) == (.refused, "folder"))
    }
}
