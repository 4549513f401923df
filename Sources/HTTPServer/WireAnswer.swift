import CMicroHTTPD

extension Response {
    /// The octets of an answer that goes out past the library and closes the connection.
    ///
    /// Without a body, for `HEAD`, only the body's length is told.
    func closingOctets(hasBody: Bool) -> [UInt8] {
        let reason = unsafe MHD_get_reason_phrase_for(UInt32(status)).map { unsafe String(cString: $0) } ?? ""
        var head = "HTTP/1.1 \(status) \(reason)\r\nConnection: close\r\nContent-Length: \(body.count)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        head += "\r\n"
        return Array(head.utf8) + (hasBody ? body : [])
    }
}
