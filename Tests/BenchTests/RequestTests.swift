import Foundation
import JSON
import PhoneNumbers
import Testing

@testable import Bench

@Suite("The requests of the benchmark")
struct RequestTests {
    private func body(_ request: [UInt8]) throws -> JSONValue {
        let text = String(decoding: request, as: UTF8.self)
        let parts = text.components(separatedBy: "\r\n\r\n")
        #expect(parts.count == 2)
        let length = text.firstMatch(of: #/Content-Length: ([0-9]+)\r\n/#).flatMap { Int($0.1) }
        #expect(length == parts.last?.utf8.count)
        return try JSONValue(parsing: Array((parts.last ?? "").utf8))
    }

    @Test("are an event each, with its address, its token and a length that is right")
    func single() throws {
        let request = EventRequests(port: 8440, token: "gp_x", kind: .text, first: 41).request(1)
        let text = String(decoding: request, as: UTF8.self)
        #expect(text.hasPrefix("POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1:8440\r\nAuthorization: Bearer gp_x\r\n"))
        #expect(text.contains("Content-Type: application/cloudevents+json\r\n"))
        let event = try body(request)
        #expect(event["id"] == "e0000000042")
        #expect(event["data"]?["phone"] == .string(Recipients.phone(42)))
    }

    @Test("are batches of events that follow one another, none of them twice")
    func batches() throws {
        let requests = EventRequests(port: 8440, token: "gp_x", kind: .both, batch: 3, first: 7)
        #expect(String(decoding: requests.request(0), as: UTF8.self).contains("application/cloudevents-batch+json"))
        let events = try (0..<2).flatMap { try body(requests.request($0)).array ?? [] }
        #expect(events.compactMap { $0["id"]?.string } == (7...12).map { "e00000000" + ($0 < 10 ? "0" : "") + "\($0)" })
        #expect(
            events.map { $0["data"]?["channels"]?.array?.first?.string } == [
                "sms", "email", "sms", "email", "sms", "email",
            ]
        )
    }

    @Test(
        "have numbers that are read as mobile ones, or as those that may be, and lead back to their index",
        arguments: [0, 1, 2, 3, 1000, 1001, 15_999_999, 16_000_001, 99_999_998, 99_999_999]
    )
    func numbers(_ index: Int) throws {
        let text = Recipients.phone(index)
        let number = try PhoneNumber(text)
        #expect([.mobile, .fixedOrMobile].contains(number.kind))
        #expect(Recipients.index(ofPhone: Array(text.utf8), at: 0) == index)
    }
}

@Suite("The sinks of the benchmark")
struct SinkTests {
    @Test("take mails whose commands come in pieces or all at once, and note each recipient")
    func mails() {
        let dialogue =
            "EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<\(Recipients.mail(12))>\r\nDATA\r\n"
            + "Subject: x\r\n\r\n..dot\r\n.\r\nRCPT TO:<\(Recipients.mail(13))>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n"
        for size in [1, 7, 4096] {
            let arrivals = Arrivals()
            var host = MailHost(arrivals)
            var (received, answered) = ([UInt8](), [UInt8]())
            for start in stride(from: 0, to: dialogue.utf8.count, by: size) {
                received += Array(dialogue.utf8).dropFirst(start).prefix(size)
                answered += host.hear(&received).answer
            }
            #expect(received.isEmpty)
            #expect(Set(arrivals.all.keys) == [12, 13])
            let codes = String(decoding: answered, as: UTF8.self).components(separatedBy: "\r\n").map { $0.prefix(3) }
            #expect(codes == ["250", "250", "250", "250", "250", "354", "250", "250", "354", "250", "221", ""])
        }
    }

    @Test("take texts whose requests come in pieces, and note each number")
    func texts() {
        let body = "{\"to\":\"\(Recipients.phone(5))\",\"text\":\"x\"}"
        let request = "POST /messages HTTP/1.1\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        let arrivals = Arrivals()
        var host = TextHost(arrivals)
        var (received, answered) = ([UInt8](), [UInt8]())
        for byte in (request + request).utf8 {
            received.append(byte)
            answered += host.hear(&received).answer
        }
        #expect(arrivals.count == 1 && arrivals.all[5] != nil)
        #expect(String(decoding: answered, as: UTF8.self).components(separatedBy: "HTTP/1.1 201").count == 3)
    }
}
