// swift-tools-version: 6.1
import Foundation
import PackageDescription

// The hot loops are compiled optimised in debug builds too, so that `swift run ablate` trains at full speed.
// SwiftPM refuses unsafe flags in a dependency resolved by version; such a checkout does without them.
let isVersionedCheckout = Context.packageDirectory.contains("/checkouts/")
let optimised: [SwiftSetting] = isVersionedCheckout ? [] : [.unsafeFlags(["-O"])]
let optimisedC: [CSetting] = isVersionedCheckout ? [] : [.unsafeFlags(["-O3"])]

// libxsmm generates kernels for the recurrent product, several times as fast as OpenBLAS at small batches. Where it is
// missing, OpenBLAS does that product too.
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
        .library(name: "Experiments", targets: ["Experiments"]),
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
        .target(
            name: "Corpus",
            dependencies: ["Kernels", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: optimised),
        .target(name: "Regularizers", dependencies: ["Kernels"], swiftSettings: optimised),
        .target(name: "Recurrent", dependencies: ["Kernels"], swiftSettings: optimised),
        .target(name: "Optimizers", dependencies: ["Kernels"], swiftSettings: optimised),
        .target(
            name: "LanguageModel",
            dependencies: [
                "Kernels", "Corpus", "Regularizers", "Recurrent", "Optimizers",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: optimised),
        .target(
            name: "Experiments",
            dependencies: [
                "Kernels", "Corpus", "Recurrent", "Optimizers", "LanguageModel", .product(name: "Yams", package: "Yams"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .executableTarget(
            name: "ablate",
            dependencies: [
                "Kernels", "Corpus", "Recurrent", "LanguageModel", "Experiments",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .target(name: "NaiveTwins", path: "Tests/NaiveTwins", swiftSettings: optimised),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "CKernels", "NaiveTwins"]),
        .testTarget(name: "CorpusTests", dependencies: ["Corpus"]),
        .testTarget(name: "RegularizersTests", dependencies: ["Regularizers"]),
        .testTarget(name: "RecurrentTests", dependencies: ["Recurrent", "NaiveTwins"]),
        .testTarget(name: "OptimizersTests", dependencies: ["Optimizers"]),
        .testTarget(name: "LanguageModelTests", dependencies: ["LanguageModel", "NaiveTwins"], resources: [.copy("Fixtures")]),
        .testTarget(name: "ExperimentsTests", dependencies: ["Experiments"]),
        .testTarget(name: "AblateTests", dependencies: ["ablate"], exclude: ["Fixtures"]),
    ]
)
