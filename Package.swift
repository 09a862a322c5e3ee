// swift-tools-version: 6.1
import Foundation
import PackageDescription

// The hot loops are compiled optimised in debug builds too, so that `swift run ablate` trains at full speed.
// SwiftPM refuses unsafe flags in a dependency resolved by version; such a checkout does without them.
let isVersionedCheckout = Context.packageDirectory.contains("/checkouts/")
let optimised: [SwiftSetting] = isVersionedCheckout ? [] : [.unsafeFlags(["-O"])]
let optimisedC: [CSetting] = isVersionedCheckout ? [] : [.unsafeFlags(["-O3"])]

// libxsmm generates the kernels of all large products, for the recurrent ones several times as fast as OpenBLAS at small
// batches. Where it is missing, OpenBLAS does these too.
let hasXSMM = FileManager.default.fileExists(atPath: "/usr/include/libxsmm.h")
let xsmm: [CSetting] = hasXSMM ? [.define("HAS_LIBXSMM")] : []
let xsmmLibraries: [LinkerSetting] = hasXSMM ? [.linkedLibrary("xsmm"), .linkedLibrary("dl")] : []

let package = Package(
    name: "ablate",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Kernels", targets: ["Kernels"]),
        .library(name: "Corpus", targets: ["Corpus"]),
        .library(name: "Regularizers", targets: ["Regularizers"]),
        .library(name: "Recurrent", targets: ["Recurrent"]),
        .library(name: "Optimizers", targets: ["Optimizers"]),
        .library(name: "LanguageModel", targets: ["LanguageModel"]),
        .library(name: "Configurations", targets: ["Configurations"]),
        .library(name: "Tables", targets: ["Tables"]),
        .library(name: "Runs", targets: ["Runs"]),
        .executable(name: "ablate", targets: ["ablate"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    ],
    targets: [
        .systemLibrary(name: "CBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CLAPACKE", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
        .target(name: "CKernels", cSettings: optimisedC + xsmm, linkerSettings: xsmmLibraries),
        .target(name: "Kernels", dependencies: ["CBLAS", "CLAPACKE", "CKernels"], swiftSettings: optimised),
        .target(name: "Documents"),
        .target(
            name: "Corpus",
            dependencies: ["Documents", "Kernels", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: optimised),
        .target(name: "Regularizers", dependencies: ["Kernels"], swiftSettings: optimised),
        .target(name: "Recurrent", dependencies: ["Kernels"], swiftSettings: optimised),
        .target(name: "Optimizers", dependencies: ["Kernels"], swiftSettings: optimised),
        .target(
            name: "LanguageModel",
            dependencies: [
                "Documents", "Kernels", "Corpus", "Regularizers", "Recurrent", "Optimizers",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: optimised),
        .target(
            name: "Configurations",
            dependencies: [
                "Documents", "Kernels", "Corpus", "Recurrent", "LanguageModel",
                .product(name: "Yams", package: "Yams"),
            ]),
        .target(name: "Pictures", dependencies: ["Documents", "Corpus"]),
        .target(
            name: "Tables", dependencies: ["Documents", "Pictures", "Kernels", "Recurrent", "LanguageModel", "Configurations"],
            swiftSettings: optimised),
        .target(name: "Runs", dependencies: ["Documents", "Pictures", "Kernels", "Corpus", "Recurrent", "LanguageModel", "Configurations", "Tables"]),
        .executableTarget(
            name: "ablate",
            dependencies: [
                "Documents", "Pictures", "Kernels", "Corpus", "Recurrent", "LanguageModel", "Configurations", "Tables", "Runs",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // Tests that compute much themselves are compiled optimised too: they take a fraction of the time.
        .target(name: "NaiveTwins", path: "Tests/NaiveTwins", swiftSettings: optimised),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "CKernels", "NaiveTwins"], swiftSettings: optimised),
        .target(name: "LoopbackServer", dependencies: ["Documents"], path: "Tests/LoopbackServer"),
        .testTarget(name: "CorpusTests", dependencies: ["Corpus", "LoopbackServer"]),
        .testTarget(name: "RegularizersTests", dependencies: ["Regularizers"]),
        .testTarget(name: "RecurrentTests", dependencies: ["Recurrent", "NaiveTwins"]),
        .testTarget(name: "OptimizersTests", dependencies: ["Optimizers"]),
        .testTarget(name: "LanguageModelTests", dependencies: ["LanguageModel", "NaiveTwins"], resources: [.copy("Fixtures")], swiftSettings: optimised),
        .target(name: "ProjectFolders", dependencies: ["Documents", "Configurations"], path: "Tests/ProjectFolders"),
        .testTarget(name: "DocumentsTests", dependencies: ["Documents"]),
        .testTarget(name: "ConfigurationsTests", dependencies: ["Configurations", "ProjectFolders", .product(name: "Crypto", package: "swift-crypto")]),
        .testTarget(name: "PicturesTests", dependencies: ["Pictures", "ProjectFolders"]),
        .testTarget(name: "TablesTests", dependencies: ["Tables", "ProjectFolders"], swiftSettings: optimised),
        .testTarget(name: "RunsTests", dependencies: ["Runs", "ProjectFolders"]),
        .target(
            name: "FuzzTargets", dependencies: ["Documents", "Corpus", "LanguageModel", "Configurations", "Recurrent"], path: "Tests/FuzzTargets",
            swiftSettings: optimised),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets", "ProjectFolders", "LanguageModel", "Corpus"], exclude: ["README.md", "Seeds"]),
        .testTarget(name: "AblateTests", dependencies: ["ablate", "Kernels", "ProjectFolders", "LoopbackServer"], exclude: ["Fixtures"]),
    ]
)

// The readers under libFuzzer, which `Scripts/fuzz` builds, in a folder of its own.
if Context.environment["ABLATE_FUZZING"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz",
            swiftSettings: [.unsafeFlags(["-parse-as-library"])], linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]))
}
