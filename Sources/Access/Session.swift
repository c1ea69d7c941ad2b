import Crypto
import Foundation
import Journal

/// How far somebody has come who signs in.
public enum SignInStage: String, Sendable, CaseIterable {
    /// The password was right; the authenticator's code is awaited.
    case code
    /// The password is one that somebody else has seen: another one must be chosen.
    case password
    /// No authenticator has been set up yet.
    case authenticator
    /// Signed in.
    case full
}

/// Somebody who is signed in, or about to be.
public struct Session: Sendable, Equatable {
    /// Who.
    public let principal: Principal
    /// How far.
    public let stage: SignInStage
    /// When it began.
    public let begun: Moment
    /// What is kept of its token.
    let digest: [UInt8]
    let device: [UInt8]?

    /// What a form must bring along that is sent within a session, so that no other site can send one: an HMAC under the
    /// session's own token, which no other site knows.
    public static func formToken(_ token: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("form".utf8), using: SymmetricKey(data: Data(token.utf8)))
        return Data(code).prefix(16).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}

/// What came of a step of signing in.
public enum SignInResult: Sendable, Equatable {
    /// It was right; what the browser brings along from now on, and the device's own token where it is new.
    case moved(session: String, device: String?, stage: SignInStage)
    /// It was not, whatever of it.
    case wrong
    /// Not before so many seconds have passed.
    case wait(seconds: Int64)
    /// Not before an administrator unlocks the account.
    case locked
    /// There is no such session, or it is over: from the beginning.
    case over
}
