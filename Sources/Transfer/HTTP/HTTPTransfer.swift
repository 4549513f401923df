internal import CCurl

/// One HTTP request on the wire; used again and again with its handle.
///
/// libcurl holds an unretained reference from ``begin(_:now:)`` until the handle leaves the multi handle; the loop
/// keeps the object for that long.
@safe final class HTTPTransfer {
    let easy: Easy
    private(set) var job: HTTPJob?

    private var fields: UnsafeMutablePointer<curl_slist>?
    private var requests = 0
    private var isLate = false
    private var isTooLarge = false
    private var answerBytes = 0
    private var hasWholeHead = false
    private var headers: [(name: String, value: String)] = []
    private var content: [UInt8] = []

    init(easy: Easy) {
        self.easy = easy
    }

    deinit { unsafe curl_slist_free_all(fields) }

    /// Sets the handle up for a job.
    func begin(_ job: HTTPJob, now: ContinuousClock.Instant) {
        let exchange = job.exchange
        self.job = job
        easy.reset(protocols: "http,https")
        easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        easy.set(CURLOPT_URL, exchange.url)
        easy.set(remaining: job.deadline - now, connect: exchange.connectTimeout)
        easy.trust(caFile: exchange.caFile)
        if let path = exchange.unixSocket { easy.set(CURLOPT_UNIX_SOCKET_PATH, path) }
        if let login = exchange.login { easy.set(login) }
        if exchange.connectsOnly {
            easy.set(CURLOPT_CONNECT_ONLY, 1)
            // One that is kept from before would tell nothing.
            easy.set(CURLOPT_FRESH_CONNECT, 1)
        }
        setMethodAndBody(exchange)
        setFields(exchange)
        setCallbacks()
    }

    /// Forgets the job and what was read, and keeps the memory.
    func clear() {
        unsafe curl_slist_free_all(fields)
        unsafe fields = nil
        job = nil
        requests = 0
        isLate = false
        isTooLarge = false
        answerBytes = 0
        hasWholeHead = false
        headers = []
        content = []
    }

    /// Says what became of the request when libcurl has ended it.
    func result(_ code: CURLcode) -> HTTPResult {
        if isTooLarge {
            return .failed(
                TransferFailure(.tooLarge, "The answer was larger than allowed and was not read to its end.")
            )
        }
        guard code == CURLE_OK else {
            return .failed(failure(reason: "\(words(for: code)).", invalid: code.isOurs, isOfTLS: code.isOfTLS))
        }
        if job?.exchange.connectsOnly == true { return .answered(HTTPAnswer(status: 0)) }
        // libcurl takes the end of the connection for the end of the head.
        guard hasWholeHead else { return .failed(failure(reason: "The answer ended in its head.", invalid: false)) }
        var status = 0
        unsafe ccurl_get_long(easy.handle, CURLINFO_RESPONSE_CODE, &status)
        return .answered(HTTPAnswer(status: status, headers: headers, body: content))
    }

    /// libcurl's words for the code, or that the connection was lost.
    ///
    /// Where one is lost before the answer, libcurl begins the request again, and ``mayBegin()`` says no. Its words are about
    /// that, and not about what happened.
    private func words(for code: CURLcode) -> String {
        requests > 1 && code == CURLE_ABORTED_BY_CALLBACK ? "The connection was lost" : code.words
    }

    /// Says what became of the request when it is taken off the wire before its end.
    func resultWhenCancelled(reason: String) -> HTTPResult {
        var failure = failure(reason: reason, invalid: false)
        if failure.kind != .unknown { failure.kind = .cancelled }
        return .failed(failure)
    }

    private func failure(reason: String, invalid: Bool, isOfTLS: Bool = false) -> TransferFailure {
        if requests == 0, isLate { return TransferFailure(.notSent, "Nothing was sent: the time for it was over.") }
        if requests == 0 {
            let kind = invalid ? TransferFailure.Kind.invalid : .unreachable
            return TransferFailure(kind, "Nothing was sent: \(reason)", isOfTLS: isOfTLS)
        }
        var sent = 0
        unsafe ccurl_get_long(easy.handle, CURLINFO_REQUEST_SIZE, &sent)
        if requests == 1, sent == 0 { return TransferFailure(.notSent, "Nothing was sent: \(reason)") }
        return TransferFailure(.unknown, "There is no answer, and the request may have been received: \(reason)")
    }

    private func setMethodAndBody(_ exchange: HTTPExchange) {
        if let given = exchange.body ?? (["POST", "PUT", "PATCH"].contains(exchange.method) ? [] : nil) {
            easy.setBody(given)
            easy.set(CURLOPT_CUSTOMREQUEST, exchange.method)
        } else if exchange.method == "HEAD" {
            easy.set(CURLOPT_NOBODY, 1)
        } else {
            easy.set(CURLOPT_HTTPGET, 1)
            easy.set(CURLOPT_CUSTOMREQUEST, exchange.method)
        }
    }

    private func setFields(_ exchange: HTTPExchange) {
        // A name with nothing after its colon takes out what libcurl would add by itself: a pause for "100 Continue",
        // and the content type of a form.
        append("Expect:")
        if !exchange.headers.contains(where: { $0.name.lowercased() == "content-type" }) { append("Content-Type:") }
        for (name, value) in exchange.headers {
            append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        unsafe ccurl_set_list(easy.handle, CURLOPT_HTTPHEADER, fields)
    }

    private func append(_ field: String) {
        if let longer = unsafe curl_slist_append(fields, field) { unsafe fields = longer }
    }

    private func setCallbacks() {
        unsafe ccurl_set_writer(easy.handle, writeContent, context)
        unsafe ccurl_set_header_writer(easy.handle, writeHeader, context)
        unsafe ccurl_set_before_request(easy.handle, beforeRequest, context)
    }

    private var context: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

    // MARK: What libcurl calls

    /// Returns whether the request may be sent now.
    ///
    /// libcurl repeats a request by itself when a kept-alive connection closes without an answer. Only what may be repeated
    /// passes here twice. Nor does libcurl look at the clock between a process that slept and its next request.
    func mayBegin() -> Bool {
        guard let job, .now < job.deadline else {
            isLate = true
            return false
        }
        requests += 1
        return requests == 1 || job.exchange.isRepeatable
    }

    fileprivate func take(content bytes: UnsafeRawBufferPointer) -> Int {
        if let onContent = job?.exchange.onContent, isSuccess {
            let length = headers.first { $0.name.lowercased() == "content-length" }
            return unsafe onContent(Array(bytes), length.flatMap { Int($0.value) }) ? bytes.count : 0
        }
        guard takes(bytes.count) else { return 0 }
        unsafe content.append(contentsOf: bytes)
        return bytes.count
    }

    fileprivate func take(header bytes: UnsafeRawBufferPointer) -> Int {
        guard takes(bytes.count) else { return 0 }
        let line = unsafe String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // An answer of 1xx comes before the one that counts.
            headers = []
            hasWholeHead = false
        } else if line.utf8.elementsEqual("\r\n".utf8) || line == "\n" {
            hasWholeHead = true
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...]
            headers.append((name: String(line[..<colon]), value: value.trimmed))
        }
        return bytes.count
    }

    private var isSuccess: Bool {
        var status = 0
        unsafe ccurl_get_long(easy.handle, CURLINFO_RESPONSE_CODE, &status)
        return (200..<300).contains(status)
    }

    private func takes(_ count: Int) -> Bool {
        answerBytes += count
        isTooLarge = answerBytes > (job?.exchange.maximumAnswerBytes ?? 0)
        return !isTooLarge
    }
}

extension CURLcode {
    /// Whether the request itself is at fault.
    fileprivate var isOurs: Bool { self == CURLE_URL_MALFORMAT || self == CURLE_UNSUPPORTED_PROTOCOL }
}

extension Substring {
    /// Without blanks and line breaks at both ends.
    fileprivate var trimmed: String {
        let isInk = { (byte: UInt8) in byte != 0x20 && !(0x09...0x0D).contains(byte) }
        guard let first = utf8.firstIndex(where: isInk), let last = utf8.lastIndex(where: isInk) else { return "" }
        return String(self[first...last])
    }
}

private typealias Pointer = UnsafeMutablePointer<CChar>

private func transfer(_ context: UnsafeMutableRawPointer?) -> HTTPTransfer? {
    unsafe context.map { unsafe Unmanaged<HTTPTransfer>.fromOpaque($0).takeUnretainedValue() }
}

private func writeContent(_ bytes: Pointer?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    return unsafe transfer(context)?.take(content: buffer) ?? 0
}

private func writeHeader(_ bytes: Pointer?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    return unsafe transfer(context)?.take(header: buffer) ?? 0
}

private func beforeRequest(
    _ context: UnsafeMutableRawPointer?,
    _ remoteAddress: Pointer?,
    _ localAddress: Pointer?,
    _ remotePort: Int32,
    _ localPort: Int32
) -> Int32 {
    unsafe transfer(context)?.mayBegin() == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
