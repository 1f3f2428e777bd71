package io.davylamp.wire.skywalking.v3;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class TraceSegmentReportServiceGrpc {

  private TraceSegmentReportServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "skywalking.v3.TraceSegmentReportService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.SegmentObject,
      io.davylamp.wire.skywalking.v3.Commands> getCollectMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "collect",
      requestType = io.davylamp.wire.skywalking.v3.SegmentObject.class,
      responseType = io.davylamp.wire.skywalking.v3.Commands.class,
      methodType = io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.SegmentObject,
      io.davylamp.wire.skywalking.v3.Commands> getCollectMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.SegmentObject, io.davylamp.wire.skywalking.v3.Commands> getCollectMethod;
    if ((getCollectMethod = TraceSegmentReportServiceGrpc.getCollectMethod) == null) {
      synchronized (TraceSegmentReportServiceGrpc.class) {
        if ((getCollectMethod = TraceSegmentReportServiceGrpc.getCollectMethod) == null) {
          TraceSegmentReportServiceGrpc.getCollectMethod = getCollectMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.skywalking.v3.SegmentObject, io.davylamp.wire.skywalking.v3.Commands>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "collect"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.SegmentObject.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.Commands.getDefaultInstance()))
              .build();
        }
      }
    }
    return getCollectMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.SegmentCollection,
      io.davylamp.wire.skywalking.v3.Commands> getCollectInSyncMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "collectInSync",
      requestType = io.davylamp.wire.skywalking.v3.SegmentCollection.class,
      responseType = io.davylamp.wire.skywalking.v3.Commands.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.SegmentCollection,
      io.davylamp.wire.skywalking.v3.Commands> getCollectInSyncMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.SegmentCollection, io.davylamp.wire.skywalking.v3.Commands> getCollectInSyncMethod;
    if ((getCollectInSyncMethod = TraceSegmentReportServiceGrpc.getCollectInSyncMethod) == null) {
      synchronized (TraceSegmentReportServiceGrpc.class) {
        if ((getCollectInSyncMethod = TraceSegmentReportServiceGrpc.getCollectInSyncMethod) == null) {
          TraceSegmentReportServiceGrpc.getCollectInSyncMethod = getCollectInSyncMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.skywalking.v3.SegmentCollection, io.davylamp.wire.skywalking.v3.Commands>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "collectInSync"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.SegmentCollection.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.Commands.getDefaultInstance()))
              .build();
        }
      }
    }
    return getCollectInSyncMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static TraceSegmentReportServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TraceSegmentReportServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TraceSegmentReportServiceStub>() {
        @java.lang.Override
        public TraceSegmentReportServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TraceSegmentReportServiceStub(channel, callOptions);
        }
      };
    return TraceSegmentReportServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static TraceSegmentReportServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TraceSegmentReportServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TraceSegmentReportServiceBlockingV2Stub>() {
        @java.lang.Override
        public TraceSegmentReportServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TraceSegmentReportServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return TraceSegmentReportServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static TraceSegmentReportServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TraceSegmentReportServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TraceSegmentReportServiceBlockingStub>() {
        @java.lang.Override
        public TraceSegmentReportServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TraceSegmentReportServiceBlockingStub(channel, callOptions);
        }
      };
    return TraceSegmentReportServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static TraceSegmentReportServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TraceSegmentReportServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TraceSegmentReportServiceFutureStub>() {
        @java.lang.Override
        public TraceSegmentReportServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TraceSegmentReportServiceFutureStub(channel, callOptions);
        }
      };
    return TraceSegmentReportServiceFutureStub.newStub(factory, channel);
  }

  /**
   */
  public interface AsyncService {

    /**
     */
    default io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.SegmentObject> collect(
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getCollectMethod(), responseObserver);
    }

    /**
     */
    default void collectInSync(io.davylamp.wire.skywalking.v3.SegmentCollection request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCollectInSyncMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service TraceSegmentReportService.
   */
  public static abstract class TraceSegmentReportServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return TraceSegmentReportServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service TraceSegmentReportService.
   */
  public static final class TraceSegmentReportServiceStub
      extends io.grpc.stub.AbstractAsyncStub<TraceSegmentReportServiceStub> {
    private TraceSegmentReportServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TraceSegmentReportServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TraceSegmentReportServiceStub(channel, callOptions);
    }

    /**
     */
    public io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.SegmentObject> collect(
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncClientStreamingCall(
          getChannel().newCall(getCollectMethod(), getCallOptions()), responseObserver);
    }

    /**
     */
    public void collectInSync(io.davylamp.wire.skywalking.v3.SegmentCollection request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCollectInSyncMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service TraceSegmentReportService.
   */
  public static final class TraceSegmentReportServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<TraceSegmentReportServiceBlockingV2Stub> {
    private TraceSegmentReportServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TraceSegmentReportServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TraceSegmentReportServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<io.davylamp.wire.skywalking.v3.SegmentObject, io.davylamp.wire.skywalking.v3.Commands>
        collect() {
      return io.grpc.stub.ClientCalls.blockingClientStreamingCall(
          getChannel(), getCollectMethod(), getCallOptions());
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands collectInSync(io.davylamp.wire.skywalking.v3.SegmentCollection request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCollectInSyncMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service TraceSegmentReportService.
   */
  public static final class TraceSegmentReportServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<TraceSegmentReportServiceBlockingStub> {
    private TraceSegmentReportServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TraceSegmentReportServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TraceSegmentReportServiceBlockingStub(channel, callOptions);
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands collectInSync(io.davylamp.wire.skywalking.v3.SegmentCollection request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCollectInSyncMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service TraceSegmentReportService.
   */
  public static final class TraceSegmentReportServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<TraceSegmentReportServiceFutureStub> {
    private TraceSegmentReportServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TraceSegmentReportServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TraceSegmentReportServiceFutureStub(channel, callOptions);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<io.davylamp.wire.skywalking.v3.Commands> collectInSync(
        io.davylamp.wire.skywalking.v3.SegmentCollection request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCollectInSyncMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_COLLECT_IN_SYNC = 0;
  private static final int METHODID_COLLECT = 1;

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
        case METHODID_COLLECT_IN_SYNC:
          serviceImpl.collectInSync((io.davylamp.wire.skywalking.v3.SegmentCollection) request,
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
        case METHODID_COLLECT:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.collect(
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
              io.davylamp.wire.skywalking.v3.SegmentObject,
              io.davylamp.wire.skywalking.v3.Commands>(
                service, METHODID_COLLECT)))
        .addMethod(
          getCollectInSyncMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.davylamp.wire.skywalking.v3.SegmentCollection,
              io.davylamp.wire.skywalking.v3.Commands>(
                service, METHODID_COLLECT_IN_SYNC)))
        .build();
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (TraceSegmentReportServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .addMethod(getCollectMethod())
              .addMethod(getCollectInSyncMethod())
              .build();
        }
      }
    }
    return result;
  }
}
