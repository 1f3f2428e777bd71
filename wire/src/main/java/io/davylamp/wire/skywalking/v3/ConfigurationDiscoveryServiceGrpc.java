package io.davylamp.wire.skywalking.v3;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class ConfigurationDiscoveryServiceGrpc {

  private ConfigurationDiscoveryServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "skywalking.v3.ConfigurationDiscoveryService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.ConfigurationSyncRequest,
      io.davylamp.wire.skywalking.v3.Commands> getFetchConfigurationsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "fetchConfigurations",
      requestType = io.davylamp.wire.skywalking.v3.ConfigurationSyncRequest.class,
      responseType = io.davylamp.wire.skywalking.v3.Commands.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.ConfigurationSyncRequest,
      io.davylamp.wire.skywalking.v3.Commands> getFetchConfigurationsMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.ConfigurationSyncRequest, io.davylamp.wire.skywalking.v3.Commands> getFetchConfigurationsMethod;
    if ((getFetchConfigurationsMethod = ConfigurationDiscoveryServiceGrpc.getFetchConfigurationsMethod) == null) {
      synchronized (ConfigurationDiscoveryServiceGrpc.class) {
        if ((getFetchConfigurationsMethod = ConfigurationDiscoveryServiceGrpc.getFetchConfigurationsMethod) == null) {
          ConfigurationDiscoveryServiceGrpc.getFetchConfigurationsMethod = getFetchConfigurationsMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.skywalking.v3.ConfigurationSyncRequest, io.davylamp.wire.skywalking.v3.Commands>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "fetchConfigurations"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.ConfigurationSyncRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.Commands.getDefaultInstance()))
              .build();
        }
      }
    }
    return getFetchConfigurationsMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static ConfigurationDiscoveryServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConfigurationDiscoveryServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConfigurationDiscoveryServiceStub>() {
        @java.lang.Override
        public ConfigurationDiscoveryServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConfigurationDiscoveryServiceStub(channel, callOptions);
        }
      };
    return ConfigurationDiscoveryServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static ConfigurationDiscoveryServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConfigurationDiscoveryServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConfigurationDiscoveryServiceBlockingV2Stub>() {
        @java.lang.Override
        public ConfigurationDiscoveryServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConfigurationDiscoveryServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return ConfigurationDiscoveryServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static ConfigurationDiscoveryServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConfigurationDiscoveryServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConfigurationDiscoveryServiceBlockingStub>() {
        @java.lang.Override
        public ConfigurationDiscoveryServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConfigurationDiscoveryServiceBlockingStub(channel, callOptions);
        }
      };
    return ConfigurationDiscoveryServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static ConfigurationDiscoveryServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConfigurationDiscoveryServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConfigurationDiscoveryServiceFutureStub>() {
        @java.lang.Override
        public ConfigurationDiscoveryServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConfigurationDiscoveryServiceFutureStub(channel, callOptions);
        }
      };
    return ConfigurationDiscoveryServiceFutureStub.newStub(factory, channel);
  }

  /**
   */
  public interface AsyncService {

    /**
     */
    default void fetchConfigurations(io.davylamp.wire.skywalking.v3.ConfigurationSyncRequest request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getFetchConfigurationsMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service ConfigurationDiscoveryService.
   */
  public static abstract class ConfigurationDiscoveryServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return ConfigurationDiscoveryServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service ConfigurationDiscoveryService.
   */
  public static final class ConfigurationDiscoveryServiceStub
      extends io.grpc.stub.AbstractAsyncStub<ConfigurationDiscoveryServiceStub> {
    private ConfigurationDiscoveryServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConfigurationDiscoveryServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConfigurationDiscoveryServiceStub(channel, callOptions);
    }

    /**
     */
    public void fetchConfigurations(io.davylamp.wire.skywalking.v3.ConfigurationSyncRequest request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getFetchConfigurationsMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service ConfigurationDiscoveryService.
   */
  public static final class ConfigurationDiscoveryServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<ConfigurationDiscoveryServiceBlockingV2Stub> {
    private ConfigurationDiscoveryServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConfigurationDiscoveryServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConfigurationDiscoveryServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands fetchConfigurations(io.davylamp.wire.skywalking.v3.ConfigurationSyncRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getFetchConfigurationsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service ConfigurationDiscoveryService.
   */
  public static final class ConfigurationDiscoveryServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<ConfigurationDiscoveryServiceBlockingStub> {
    private ConfigurationDiscoveryServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConfigurationDiscoveryServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConfigurationDiscoveryServiceBlockingStub(channel, callOptions);
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands fetchConfigurations(io.davylamp.wire.skywalking.v3.ConfigurationSyncRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getFetchConfigurationsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service ConfigurationDiscoveryService.
   */
  public static final class ConfigurationDiscoveryServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<ConfigurationDiscoveryServiceFutureStub> {
    private ConfigurationDiscoveryServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConfigurationDiscoveryServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConfigurationDiscoveryServiceFutureStub(channel, callOptions);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<io.davylamp.wire.skywalking.v3.Commands> fetchConfigurations(
        io.davylamp.wire.skywalking.v3.ConfigurationSyncRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getFetchConfigurationsMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_FETCH_CONFIGURATIONS = 0;

  private static final class MethodHandlers<Req, Resp> implements
      io.grpc.stub.ServerCalls.UnaryMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ServerStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ClientStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.BidiStreamingMethod<Req, Resp> {
    private final AsyncService serviceImpl;
    private final int methodId;

    MethodHandlers(AsyncService serviceImpl, int methodId) {
      this.serviceImpl = serviceImpl;
      this.methodId = methodId;
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public void invoke(Req request, io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_FETCH_CONFIGURATIONS:
          serviceImpl.fetchConfigurations((io.davylamp.wire.skywalking.v3.ConfigurationSyncRequest) request,
              (io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands>) responseObserver);
          break;
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getFetchConfigurationsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.davylamp.wire.skywalking.v3.ConfigurationSyncRequest,
              io.davylamp.wire.skywalking.v3.Commands>(
                service, METHODID_FETCH_CONFIGURATIONS)))
        .build();
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (ConfigurationDiscoveryServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .addMethod(getFetchConfigurationsMethod())
              .build();
        }
      }
    }
    return result;
  }
}
