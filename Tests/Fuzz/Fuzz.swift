import Foundation
import FuzzTargets

/// The reader that `ABLATE_FUZZ_TARGET` names. libFuzzer calls it from one thread.
nonisolated(unsafe) private let read: ([UInt8]) -> Bool = {
    let name = ProcessInfo.processInfo.environment["ABLATE_FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget(rawValue: name), let reader = try? target.reader() else {
        FileHandle.standardError.write(Data("ABLATE_FUZZ_TARGET '\(name)': must be one of \(FuzzTarget.allCases.map(\.rawValue))\n".utf8))
        exit(64)
    }
    return reader
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    _ = read(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
