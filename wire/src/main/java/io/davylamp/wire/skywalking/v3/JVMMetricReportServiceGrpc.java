package io.davylamp.wire.skywalking.v3;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class JVMMetricReportServiceGrpc {

  private JVMMetricReportServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "skywalking.v3.JVMMetricReportService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.JVMMetricCollection,
      io.davylamp.wire.skywalking.v3.Commands> getCollectMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "collect",
      requestType = io.davylamp.wire.skywalking.v3.JVMMetricCollection.class,
      responseType = io.davylamp.wire.skywalking.v3.Commands.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.JVMMetricCollection,
      io.davylamp.wire.skywalking.v3.Commands> getCollectMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.JVMMetricCollection, io.davylamp.wire.skywalking.v3.Commands> getCollectMethod;
    if ((getCollectMethod = JVMMetricReportServiceGrpc.getCollectMethod) == null) {
      synchronized (JVMMetricReportServiceGrpc.class) {
        if ((getCollectMethod = JVMMetricReportServiceGrpc.getCollectMethod) == null) {
          JVMMetricReportServiceGrpc.getCollectMethod = getCollectMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.skywalking.v3.JVMMetricCollection, io.davylamp.wire.skywalking.v3.Commands>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "collect"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.JVMMetricCollection.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.Commands.getDefaultInstance()))
              .build();
        }
      }
    }
    return getCollectMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static JVMMetricReportServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<JVMMetricReportServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<JVMMetricReportServiceStub>() {
        @java.lang.Override
        public JVMMetricReportServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new JVMMetricReportServiceStub(channel, callOptions);
        }
      };
    return JVMMetricReportServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static JVMMetricReportServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<JVMMetricReportServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<JVMMetricReportServiceBlockingV2Stub>() {
        @java.lang.Override
        public JVMMetricReportServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new JVMMetricReportServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return JVMMetricReportServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static JVMMetricReportServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<JVMMetricReportServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<JVMMetricReportServiceBlockingStub>() {
        @java.lang.Override
        public JVMMetricReportServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new JVMMetricReportServiceBlockingStub(channel, callOptions);
        }
      };
    return JVMMetricReportServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static JVMMetricReportServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<JVMMetricReportServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<JVMMetricReportServiceFutureStub>() {
        @java.lang.Override
        public JVMMetricReportServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new JVMMetricReportServiceFutureStub(channel, callOptions);
        }
      };
    return JVMMetricReportServiceFutureStub.newStub(factory, channel);
  }

  /**
   */
  public interface AsyncService {

    /**
     */
    default void collect(io.davylamp.wire.skywalking.v3.JVMMetricCollection request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCollectMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service JVMMetricReportService.
   */
  public static abstract class JVMMetricReportServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return JVMMetricReportServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service JVMMetricReportService.
   */
  public static final class JVMMetricReportServiceStub
      extends io.grpc.stub.AbstractAsyncStub<JVMMetricReportServiceStub> {
    private JVMMetricReportServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected JVMMetricReportServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new JVMMetricReportServiceStub(channel, callOptions);
    }

    /**
     */
    public void collect(io.davylamp.wire.skywalking.v3.JVMMetricCollection request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCollectMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service JVMMetricReportService.
   */
  public static final class JVMMetricReportServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<JVMMetricReportServiceBlockingV2Stub> {
    private JVMMetricReportServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected JVMMetricReportServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new JVMMetricReportServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands collect(io.davylamp.wire.skywalking.v3.JVMMetricCollection request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCollectMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service JVMMetricReportService.
   */
  public static final class JVMMetricReportServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<JVMMetricReportServiceBlockingStub> {
    private JVMMetricReportServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected JVMMetricReportServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new JVMMetricReportServiceBlockingStub(channel, callOptions);
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands collect(io.davylamp.wire.skywalking.v3.JVMMetricCollection request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCollectMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service JVMMetricReportService.
   */
  public static final class JVMMetricReportServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<JVMMetricReportServiceFutureStub> {
    private JVMMetricReportServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected JVMMetricReportServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new JVMMetricReportServiceFutureStub(channel, callOptions);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<io.davylamp.wire.skywalking.v3.Commands> collect(
        io.davylamp.wire.skywalking.v3.JVMMetricCollection request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCollectMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_COLLECT = 0;

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
        case METHODID_COLLECT:
          serviceImpl.collect((io.davylamp.wire.skywalking.v3.JVMMetricCollection) request,
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
          getCollectMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.davylamp.wire.skywalking.v3.JVMMetricCollection,
              io.davylamp.wire.skywalking.v3.Commands>(
                service, METHODID_COLLECT)))
        .build();
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (JVMMetricReportServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .addMethod(getCollectMethod())
              .build();
        }
      }
    }
    return result;
  }
}
