internal import CCurl

/// One of libcurl's easy handles, with the options that every transfer shares.
///
/// Belongs to the loop's thread. Whoever adds it to a multi handle removes it before the last reference goes.
@safe final class Easy {
    let handle: UnsafeMutableRawPointer

    /// Returns nil when there is no memory.
    init?() {
        guard libraryIsReady, let handle = unsafe curl_easy_init() else { return nil }
        unsafe self.handle = handle
    }

    deinit { unsafe curl_easy_cleanup(handle) }

    /// Forgets all options but those every transfer shares; connections and sessions stay.
    ///
    /// - Parameter protocols: the URL schemes that may be used, with commas.
    func reset(protocols: String) {
        unsafe curl_easy_reset(handle)
        set(CURLOPT_PROTOCOLS_STR, protocols)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_NOSIGNAL, 1)
        // The empty name keeps proxies of the environment out.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_TCP_KEEPALIVE, 1)
        // Without it, removing a handle waits for its name look-up.
        set(CURLOPT_QUICK_EXIT, 1)
    }

    func set(_ option: CURLoption, _ value: Int) {
        unsafe check(ccurl_set_long(handle, option, value))
    }

    /// Sets the body of a POST, which libcurl copies and sends with the head.
    func setBody(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { body in
            unsafe check(ccurl_set_body(handle, body.baseAddress, curl_off_t(body.count)))
        }
    }

    /// Sets a string, which libcurl copies.
    func set(_ option: CURLoption, _ value: String) {
        unsafe check(ccurl_set_string(handle, option, value))
    }

    /// Trusts the certificates of a file beside those of the system.
    ///
    /// The file takes the place of the system's bundle; the system's folder of hashed certificates, which Debian's
    /// `update-ca-certificates` keeps equal to the bundle, stays in force.
    func trust(caFile: String?) {
        if let caFile { set(CURLOPT_CAINFO, caFile) }
    }

    func set(_ login: Login) {
        set(CURLOPT_USERNAME, login.account)
        set(CURLOPT_PASSWORD, login.secret)
    }

    /// Sets the time for the whole transfer and for its connection.
    ///
    /// libcurl takes 0 as "no limit", so what has run out becomes one millisecond.
    func set(remaining: Duration, connect: Duration) {
        set(CURLOPT_TIMEOUT_MS, remaining.milliseconds)
        set(CURLOPT_CONNECTTIMEOUT_MS, connect.milliseconds)
    }

    private func check(_ code: CURLcode) {
        // A value that is too long fails the transfer later; an option that is not there would leave a guard out.
        let isMissing = [CURLE_UNKNOWN_OPTION, CURLE_NOT_BUILT_IN, CURLE_UNSUPPORTED_PROTOCOL].contains(code)
        precondition(!isMissing, "This libcurl lacks an option or protocol that transfers rely on.")
    }
}

extension CURLcode {
    /// Whether TLS failed with a server that was reached.
    var isOfTLS: Bool {
        [
            CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,
            CURLE_SSL_ISSUER_ERROR, CURLE_USE_SSL_FAILED,
        ].contains(self)
    }

    /// libcurl's words for the code, which name no address.
    var words: String {
        unsafe curl_easy_strerror(self).map { unsafe String(cString: $0) } ?? "libcurl error \(rawValue)"
    }
}

extension Duration {
    /// In whole milliseconds, at least 1 and at most a day.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 86_400 else { return 86_400_000 }
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}

/// Whether libcurl has been initialised, which happens at the first look.
let libraryIsReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK
