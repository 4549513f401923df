/// Requests that carry events, ready to be written to a connection.
package struct EventRequests: Sendable {
    package enum Kind: Sendable {
        case mail, text
        /// Even events are mails, odd ones texts.
        case both
    }

    var port: UInt16
    var token: String
    var kind: Kind
    /// Events of a request; 1 is one by itself and no batch.
    var batch = 1
    /// The index of the first event; none may come twice in one installation.
    var first = 0
    /// What all events are, as in `mfa`.
    var purpose = "sign_up"
    /// Whose they are, in turn.
    var tenants = ["default"]

    package init(port: UInt16, token: String, kind: Kind, batch: Int = 1, first: Int = 0) {
        (self.port, self.token, self.kind, self.batch, self.first) = (port, token, kind, batch, first)
    }

    /// The n-th request, counted from 0.
    package func request(_ number: Int) -> [UInt8] {
        let start = first + number * batch
        let body: String
        if batch == 1 {
            body = event(start)
        } else {
            body = "[" + (start..<start + batch).map(event).joined(separator: ",") + "]"
        }
        let type = batch == 1 ? "cloudevents" : "cloudevents-batch"
        return Array(
            """
            POST /v1/events HTTP/1.1\r
            Host: 127.0.0.1:\(port)\r
            Authorization: Bearer \(token)\r
            Content-Type: application/\(type)+json\r
            Content-Length: \(body.utf8.count)\r
            \r
            \(body)
            """.utf8
        )
    }

    /// Whether all events of an answer were accepted as new.
    func isAccepted(_ status: Int, _ bytes: [UInt8], _ body: Range<Int>) -> Bool {
        guard batch > 1 else { return status == 202 }
        return status == 200 && bytes.firstRange(of: "\"refused\"", from: body.lowerBound) == nil
            && bytes.firstRange(of: "\"duplicate\"", from: body.lowerBound) == nil
    }

    var speaker: HTTPSpeaker {
        let requests = self
        return HTTPSpeaker(request: { requests.request($0) }, isGood: { requests.isAccepted($0, $1, $2) })
    }

    func isText(_ index: Int) -> Bool {
        switch kind {
        case .mail: false
        case .text: true
        case .both: index % 2 == 1
        }
    }

    private func event(_ index: Int) -> String {
        let address =
            isText(index)
            ? "\"phone\":\"\(Recipients.phone(index))\",\"channels\":[\"sms\"]"
            : "\"email\":\"\(Recipients.mail(index))\",\"channels\":[\"email\"]"
        let name = Recipients.padded(index, Recipients.digits)
        return "{\"specversion\":\"1.0\",\"id\":\"e\(name)\",\"source\":\"/bench\",\"type\":\"auth.\(purpose)\","
            + "\"subject\":\"user-\(name)\",\"datacontenttype\":\"application/json\",\"data\":{\(address),"
            + "\"locale\":\"en-GB\",\"name\":\"Bobby\",\"tenant\":\"\(tenants[index % tenants.count])\",\"ip\":\"10.\(index >> 16 & 255).\(index >> 8 & 255).\(index & 255)\"}}"
    }
}
