package io.davylamp.wire.skywalking.v3;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class ManagementServiceGrpc {

  private ManagementServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "skywalking.v3.ManagementService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.InstanceProperties,
      io.davylamp.wire.skywalking.v3.Commands> getReportInstancePropertiesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "reportInstanceProperties",
      requestType = io.davylamp.wire.skywalking.v3.InstanceProperties.class,
      responseType = io.davylamp.wire.skywalking.v3.Commands.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.InstanceProperties,
      io.davylamp.wire.skywalking.v3.Commands> getReportInstancePropertiesMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.InstanceProperties, io.davylamp.wire.skywalking.v3.Commands> getReportInstancePropertiesMethod;
    if ((getReportInstancePropertiesMethod = ManagementServiceGrpc.getReportInstancePropertiesMethod) == null) {
      synchronized (ManagementServiceGrpc.class) {
        if ((getReportInstancePropertiesMethod = ManagementServiceGrpc.getReportInstancePropertiesMethod) == null) {
          ManagementServiceGrpc.getReportInstancePropertiesMethod = getReportInstancePropertiesMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.skywalking.v3.InstanceProperties, io.davylamp.wire.skywalking.v3.Commands>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "reportInstanceProperties"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.InstanceProperties.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.Commands.getDefaultInstance()))
              .build();
        }
      }
    }
    return getReportInstancePropertiesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.InstancePingPkg,
      io.davylamp.wire.skywalking.v3.Commands> getKeepAliveMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "keepAlive",
      requestType = io.davylamp.wire.skywalking.v3.InstancePingPkg.class,
      responseType = io.davylamp.wire.skywalking.v3.Commands.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.InstancePingPkg,
      io.davylamp.wire.skywalking.v3.Commands> getKeepAliveMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.InstancePingPkg, io.davylamp.wire.skywalking.v3.Commands> getKeepAliveMethod;
    if ((getKeepAliveMethod = ManagementServiceGrpc.getKeepAliveMethod) == null) {
      synchronized (ManagementServiceGrpc.class) {
        if ((getKeepAliveMethod = ManagementServiceGrpc.getKeepAliveMethod) == null) {
          ManagementServiceGrpc.getKeepAliveMethod = getKeepAliveMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.skywalking.v3.InstancePingPkg, io.davylamp.wire.skywalking.v3.Commands>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "keepAlive"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.InstancePingPkg.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.Commands.getDefaultInstance()))
              .build();
        }
      }
    }
    return getKeepAliveMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static ManagementServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ManagementServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ManagementServiceStub>() {
        @java.lang.Override
        public ManagementServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ManagementServiceStub(channel, callOptions);
        }
      };
    return ManagementServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static ManagementServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ManagementServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ManagementServiceBlockingV2Stub>() {
        @java.lang.Override
        public ManagementServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ManagementServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return ManagementServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static ManagementServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ManagementServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ManagementServiceBlockingStub>() {
        @java.lang.Override
        public ManagementServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ManagementServiceBlockingStub(channel, callOptions);
        }
      };
    return ManagementServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static ManagementServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ManagementServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ManagementServiceFutureStub>() {
        @java.lang.Override
        public ManagementServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ManagementServiceFutureStub(channel, callOptions);
        }
      };
    return ManagementServiceFutureStub.newStub(factory, channel);
  }

  /**
   */
  public interface AsyncService {

    /**
     */
    default void reportInstanceProperties(io.davylamp.wire.skywalking.v3.InstanceProperties request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getReportInstancePropertiesMethod(), responseObserver);
    }

    /**
     */
    default void keepAlive(io.davylamp.wire.skywalking.v3.InstancePingPkg request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getKeepAliveMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service ManagementService.
   */
  public static abstract class ManagementServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return ManagementServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service ManagementService.
   */
  public static final class ManagementServiceStub
      extends io.grpc.stub.AbstractAsyncStub<ManagementServiceStub> {
    private ManagementServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ManagementServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ManagementServiceStub(channel, callOptions);
    }

    /**
     */
    public void reportInstanceProperties(io.davylamp.wire.skywalking.v3.InstanceProperties request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getReportInstancePropertiesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public void keepAlive(io.davylamp.wire.skywalking.v3.InstancePingPkg request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getKeepAliveMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service ManagementService.
   */
  public static final class ManagementServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<ManagementServiceBlockingV2Stub> {
    private ManagementServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ManagementServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ManagementServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands reportInstanceProperties(io.davylamp.wire.skywalking.v3.InstanceProperties request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getReportInstancePropertiesMethod(), getCallOptions(), request);
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands keepAlive(io.davylamp.wire.skywalking.v3.InstancePingPkg request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getKeepAliveMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service ManagementService.
   */
  public static final class ManagementServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<ManagementServiceBlockingStub> {
    private ManagementServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ManagementServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ManagementServiceBlockingStub(channel, callOptions);
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands reportInstanceProperties(io.davylamp.wire.skywalking.v3.InstanceProperties request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getReportInstancePropertiesMethod(), getCallOptions(), request);
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands keepAlive(io.davylamp.wire.skywalking.v3.InstancePingPkg request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getKeepAliveMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service ManagementService.
   */
  public static final class ManagementServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<ManagementServiceFutureStub> {
    private ManagementServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ManagementServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ManagementServiceFutureStub(channel, callOptions);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<io.davylamp.wire.skywalking.v3.Commands> reportInstanceProperties(
        io.davylamp.wire.skywalking.v3.InstanceProperties request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getReportInstancePropertiesMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<io.davylamp.wire.skywalking.v3.Commands> keepAlive(
        io.davylamp.wire.skywalking.v3.InstancePingPkg request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getKeepAliveMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_REPORT_INSTANCE_PROPERTIES = 0;
  private static final int METHODID_KEEP_ALIVE = 1;

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
        case METHODID_REPORT_INSTANCE_PROPERTIES:
          serviceImpl.reportInstanceProperties((io.davylamp.wire.skywalking.v3.InstanceProperties) request,
              (io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands>) responseObserver);
          break;
        case METHODID_KEEP_ALIVE:
          serviceImpl.keepAlive((io.davylamp.wire.skywalking.v3.InstancePingPkg) request,
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
          getReportInstancePropertiesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.davylamp.wire.skywalking.v3.InstanceProperties,
              io.davylamp.wire.skywalking.v3.Commands>(
                service, METHODID_REPORT_INSTANCE_PROPERTIES)))
        .addMethod(
          getKeepAliveMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.davylamp.wire.skywalking.v3.InstancePingPkg,
              io.davylamp.wire.skywalking.v3.Commands>(
                service, METHODID_KEEP_ALIVE)))
        .build();
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (ManagementServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .addMethod(getReportInstancePropertiesMethod())
              .addMethod(getKeepAliveMethod())
              .build();
        }
      }
    }
    return result;
  }
}
