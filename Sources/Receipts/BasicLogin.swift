import Cryptography

/// HTTP Basic (RFC 7617): whoever knows the password vouches for all of the request.
struct BasicLogin {
    private let user: String
    private let password: SecretKey

    init(user: String, _ password: SecretKey) { (self.user, self.password) = (user, password) }

    func check(_ request: ReceiptRequest) throws(ReceiptRefusal) -> Coverage {
        let words = try request.single("Authorization").split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "basic", let login = [UInt8](base64: String(words[1])),
            let colon = login.firstIndex(of: UInt8(ascii: ":")), colon < login.count - 1
        else { throw .notAuthentic }
        // Two keys are the same where they sign alike, so that the password never lies beside the buffer it is kept in.
        let given = SecretKey(copying: [UInt8](login[(colon + 1)...]).span)
        let signatures = [given, password].map { hmacSHA256(key: $0, parts: [[]]) }
        let isUser = constantTimeEqual([UInt8](login[..<colon]), [UInt8](user.utf8))
        guard given.count == password.count, constantTimeEqual(signatures[0], signatures[1]), isUser else {
            throw .notAuthentic
        }
        return [.address, .body]
    }
}
