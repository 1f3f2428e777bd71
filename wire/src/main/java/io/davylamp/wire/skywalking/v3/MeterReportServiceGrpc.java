package io.davylamp.wire.skywalking.v3;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class MeterReportServiceGrpc {

  private MeterReportServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "skywalking.v3.MeterReportService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.MeterData,
      io.davylamp.wire.skywalking.v3.Commands> getCollectMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "collect",
      requestType = io.davylamp.wire.skywalking.v3.MeterData.class,
      responseType = io.davylamp.wire.skywalking.v3.Commands.class,
      methodType = io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.MeterData,
      io.davylamp.wire.skywalking.v3.Commands> getCollectMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.MeterData, io.davylamp.wire.skywalking.v3.Commands> getCollectMethod;
    if ((getCollectMethod = MeterReportServiceGrpc.getCollectMethod) == null) {
      synchronized (MeterReportServiceGrpc.class) {
        if ((getCollectMethod = MeterReportServiceGrpc.getCollectMethod) == null) {
          MeterReportServiceGrpc.getCollectMethod = getCollectMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.skywalking.v3.MeterData, io.davylamp.wire.skywalking.v3.Commands>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "collect"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.MeterData.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.Commands.getDefaultInstance()))
              .build();
        }
      }
    }
    return getCollectMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.MeterDataCollection,
      io.davylamp.wire.skywalking.v3.Commands> getCollectBatchMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "collectBatch",
      requestType = io.davylamp.wire.skywalking.v3.MeterDataCollection.class,
      responseType = io.davylamp.wire.skywalking.v3.Commands.class,
      methodType = io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.MeterDataCollection,
      io.davylamp.wire.skywalking.v3.Commands> getCollectBatchMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.MeterDataCollection, io.davylamp.wire.skywalking.v3.Commands> getCollectBatchMethod;
    if ((getCollectBatchMethod = MeterReportServiceGrpc.getCollectBatchMethod) == null) {
      synchronized (MeterReportServiceGrpc.class) {
        if ((getCollectBatchMethod = MeterReportServiceGrpc.getCollectBatchMethod) == null) {
          MeterReportServiceGrpc.getCollectBatchMethod = getCollectBatchMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.skywalking.v3.MeterDataCollection, io.davylamp.wire.skywalking.v3.Commands>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "collectBatch"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.MeterDataCollection.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.Commands.getDefaultInstance()))
              .build();
        }
      }
    }
    return getCollectBatchMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static MeterReportServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MeterReportServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MeterReportServiceStub>() {
        @java.lang.Override
        public MeterReportServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MeterReportServiceStub(channel, callOptions);
        }
      };
    return MeterReportServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static MeterReportServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MeterReportServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MeterReportServiceBlockingV2Stub>() {
        @java.lang.Override
        public MeterReportServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MeterReportServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return MeterReportServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static MeterReportServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MeterReportServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MeterReportServiceBlockingStub>() {
        @java.lang.Override
        public MeterReportServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MeterReportServiceBlockingStub(channel, callOptions);
        }
      };
    return MeterReportServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static MeterReportServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MeterReportServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MeterReportServiceFutureStub>() {
        @java.lang.Override
        public MeterReportServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MeterReportServiceFutureStub(channel, callOptions);
        }
      };
    return MeterReportServiceFutureStub.newStub(factory, channel);
  }

  /**
   */
  public interface AsyncService {

    /**
     */
    default io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.MeterData> collect(
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getCollectMethod(), responseObserver);
    }

    /**
     */
    default io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.MeterDataCollection> collectBatch(
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getCollectBatchMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service MeterReportService.
   */
  public static abstract class MeterReportServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return MeterReportServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service MeterReportService.
   */
  public static final class MeterReportServiceStub
      extends io.grpc.stub.AbstractAsyncStub<MeterReportServiceStub> {
    private MeterReportServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MeterReportServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MeterReportServiceStub(channel, callOptions);
    }

    /**
     */
    public io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.MeterData> collect(
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncClientStreamingCall(
          getChannel().newCall(getCollectMethod(), getCallOptions()), responseObserver);
    }

    /**
     */
    public io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.MeterDataCollection> collectBatch(
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncClientStreamingCall(
          getChannel().newCall(getCollectBatchMethod(), getCallOptions()), responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service MeterReportService.
   */
  public static final class MeterReportServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<MeterReportServiceBlockingV2Stub> {
    private MeterReportServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MeterReportServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MeterReportServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<io.davylamp.wire.skywalking.v3.MeterData, io.davylamp.wire.skywalking.v3.Commands>
        collect() {
      return io.grpc.stub.ClientCalls.blockingClientStreamingCall(
          getChannel(), getCollectMethod(), getCallOptions());
    }

    /**
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<io.davylamp.wire.skywalking.v3.MeterDataCollection, io.davylamp.wire.skywalking.v3.Commands>
        collectBatch() {
      return io.grpc.stub.ClientCalls.blockingClientStreamingCall(
          getChannel(), getCollectBatchMethod(), getCallOptions());
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service MeterReportService.
   */
  public static final class MeterReportServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<MeterReportServiceBlockingStub> {
    private MeterReportServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MeterReportServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MeterReportServiceBlockingStub(channel, callOptions);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service MeterReportService.
   */
  public static final class MeterReportServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<MeterReportServiceFutureStub> {
    private MeterReportServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MeterReportServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MeterReportServiceFutureStub(channel, callOptions);
    }
  }

  private static final int METHODID_COLLECT = 0;
  private static final int METHODID_COLLECT_BATCH = 1;

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
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_COLLECT:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.collect(
              (io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands>) responseObserver);
        case METHODID_COLLECT_BATCH:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.collectBatch(
              (io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands>) responseObserver);
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getCollectMethod(),
          io.grpc.stub.ServerCalls.asyncClientStreamingCall(
            new MethodHandlers<
              io.davylamp.wire.skywalking.v3.MeterData,
              io.davylamp.wire.skywalking.v3.Commands>(
                service, METHODID_COLLECT)))
        .addMethod(
          getCollectBatchMethod(),
          io.grpc.stub.ServerCalls.asyncClientStreamingCall(
            new MethodHandlers<
              io.davylamp.wire.skywalking.v3.MeterDataCollection,
              io.davylamp.wire.skywalking.v3.Commands>(
                service, METHODID_COLLECT_BATCH)))
        .build();
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (MeterReportServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .addMethod(getCollectMethod())
              .addMethod(getCollectBatchMethod())
              .build();
        }
      }
    }
    return result;
  }
}
