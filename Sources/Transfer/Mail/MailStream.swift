private import CCurl

/// The bytes of a connection that libcurl made and keeps for us (`CURLOPT_CONNECT_ONLY`), in plain text or TLS.
///
/// libcurl's own mail transaction waits for the reply after the final dot inside `curl_multi_perform`, where one slow
/// server holds up every other transfer (curl issue 8555); therefore only the prelude is libcurl's.
@safe final class MailStream {
    let easy: Easy
    let socket: Int32

    /// Why the connection is of no more use, once it is not.
    private(set) var end: String?

    private var replies = SMTPReplyReader()
    private var outgoing: [UInt8] = []
    private var sent = 0

    /// Takes the connection of a handle that has just been connected, and that stays in its multi handle.
    init(easy: Easy) {
        self.easy = easy
        var socket = CURL_SOCKET_BAD
        unsafe ccurl_get_socket(easy.handle, &socket)
        self.socket = socket
        // The first read makes the connection the handle's own again, so that libcurl does not count it as idle and
        // close it for its age.
        receive()
    }

    var hasUnsent: Bool { sent < outgoing.count }

    /// Whether nothing has been heard since the last reply was taken.
    var isSilent: Bool { replies.isBetweenReplies }

    func send(_ bytes: [UInt8]) {
        outgoing = hasUnsent ? Array(outgoing[sent...]) + bytes : bytes
        sent = 0
        flush()
    }

    /// Sends what the connection takes now.
    func flush() {
        while hasUnsent, end == nil {
            var count = 0
            let code = unsafe outgoing.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[sent...])
                return unsafe curl_easy_send(easy.handle, rest.baseAddress, rest.count, &count)
            }
            sent += count
            if code == CURLE_AGAIN { return }
            if code != CURLE_OK {
                // A server that refuses in the middle says why before it closes.
                receive()
                end = end ?? "The connection broke."
            }
        }
    }

    /// Reads what has come.
    func receive() {
        unsafe withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
            while end == nil {
                var count = 0
                let code = unsafe curl_easy_recv(easy.handle, buffer.baseAddress, buffer.count, &count)
                if code == CURLE_AGAIN { return }
                guard code == CURLE_OK else {
                    end = "The connection broke."
                    return
                }
                guard count > 0 else {
                    end = "The server closed the connection."
                    return
                }
                unsafe replies.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
    }

    /// Returns the next complete reply, or nil while there is none.
    func nextReply() -> SMTPReply? {
        do {
            return try replies.next()
        } catch {
            end = "The server's reply is not SMTP."
            return nil
        }
    }
}
